'use strict';
// The reviewer's hands: the next prescription is fetched while the last answer is under way.
(() => {
  const english = document.documentElement.lang === 'en';
  const say = (zh, en) => english ? en : zh;
  const heard = document.getElementById('heard');
  const form = () => document.getElementById('review');
  const items = () => [...form().querySelectorAll('select[name^=item-]')];

  function fault(text) {
    document.getElementById('fault').textContent = text;
    return !text;
  }

  function ready(decision) {
    const open = items().filter(one => !one.value);
    if (open.length) {
      open[0].focus();
      return fault(say('还有 ' + open.length + ' 项未审。', 'Review all seven items first: ' + open.length + ' left.'));
    }
    const failed = items().some(one => one.value === 'fail');
    if (decision === 'approve' && failed) {
      return fault(say('有不合格项，不能通过。', 'An item failed: it cannot be approved.'));
    }
    if (decision === 'refuse' && !form().elements.reason.value && !form().elements['reason-text'].value) {
      form().elements.reason.focus();
      return fault(say('请写明退回原因。', 'Say why it is refused.'));
    }
    return fault('');
  }

  document.addEventListener('submit', async event => {
    if (event.target.id !== 'review') {
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    const decision = event.submitter?.value || 'approve';
    if (!ready(decision)) {
      return;
    }
    const data = new URLSearchParams(new FormData(event.target));
    data.set('decision', decision);
    const [task, number] = [data.get('task'), data.get('number')];
    const answer = fetch('/review', {method: 'POST', body: data});
    window.htmx.ajax('GET', '/review?not=' + task, {target: '#desk', select: '#desk', swap: 'outerHTML'});
    try {
      const reply = await answer;
      if (reply.redirected) {
        location.href = '/sign-in?back=/review';
        return;
      }
      const page = new DOMParser().parseFromString(await reply.text(), 'text/html');
      const said = page.querySelector('[data-test=said]') || page.querySelector('[data-code]');
      heard.textContent = said ? said.textContent : number;
      heard.className = reply.ok ? 'heard good' : 'heard bad';
      if (said?.dataset.code) {
        heard.dataset.code = said.dataset.code;
      } else {
        delete heard.dataset.code;
      }
    } catch {
      heard.className = 'heard bad';
      heard.textContent = say('网络中断，未送达：', 'No connection, not sent: ') + number;
    }
  }, true);

  const passed = () => items().forEach(one => { one.value ||= 'pass'; });
  document.addEventListener('click', event => {
    if (event.target.closest('[data-all-pass]')) {
      passed();
    }
  });
  document.addEventListener('keydown', event => {
    const click = event.altKey && {a: 'approve', r: 'refuse', n: 'next', p: 'all-pass'}[event.key.toLowerCase()];
    // What is decided already can only be left.
    const button = click && document.querySelector('[data-test=' + click + ']');
    if (button) {
      event.preventDefault();
      button.click();
    }
  });

  setInterval(() => document.querySelectorAll('[data-due]').forEach(at => {
    const minutes = Math.round((Date.parse(at.dataset.due) - Date.now()) / 60000);
    at.textContent = minutes >= 0 ? say('还剩 ' + minutes + ' 分钟', minutes + ' min left') : say('超时 ' + -minutes + ' 分钟', -minutes + ' min late');
    at.className = minutes < 5 ? 'bad' : '';
  }), 1000);

  window.watch(['prescription-status'], 400, () => {
    const part = document.querySelector('#desk [data-task]') ? '#waiting' : '#desk';
    window.htmx.ajax('GET', '/review', {target: part, select: part, swap: 'outerHTML', headers: {'X-Live': '1'}});
  });
})();
