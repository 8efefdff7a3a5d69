'use strict';
// A manager's people: every button is a call of /admin/people, which holds a manager to the own
// organization.
(() => {
  const say = (zh, en) => document.documentElement.lang === 'en' ? en : zh;
  const form = document.getElementById('person-form');
  const told = document.getElementById('told');
  const list = document.getElementById('people');

  async function call(method, path, body) {
    const answer = await fetch('/admin/people' + path, {
      method,
      headers: {'X-Form-Token': form.dataset.token, 'Accept': 'application/json', ...(body ? {'Content-Type': 'application/json'} : {})},
      body: body ? JSON.stringify(body) : undefined
    });
    const text = await answer.text();
    return {ok: answer.ok, status: answer.status, json: text ? JSON.parse(text) : {}};
  }

  function tell(reply, done) {
    const issue = (reply.json.issue || [])[0];
    told.hidden = false;
    told.textContent = reply.ok ? done : issue ? issue.details.text + ' ' + (window.detailOf(issue.diagnostics) || '') : String(reply.status);
    told.dataset.code = issue && !reply.ok ? issue.details.coding[0].code : '';
  }

  function button(text, act) {
    const one = document.createElement('button');
    one.type = 'button';
    one.textContent = text;
    one.addEventListener('click', act);
    return one;
  }

  function cell(...content) {
    const one = document.createElement('td');
    one.append(...content);
    return one;
  }

  const once = made => ' · ' + say('一次性密码（仅此一次）：', 'one-time password (this once): ') + (made.json.password || '');

  async function show() {
    const reply = await call('GET', '?count=500');
    const people = reply.ok ? Object.values(reply.json).find(Array.isArray) || [] : [];
    list.replaceChildren(...people.map(one => {
      const row = document.createElement('tr');
      const path = '/' + encodeURIComponent(one.login);
      row.append(
        cell(one.name + ' (' + one.login + ')', document.createElement('br'), one.active ? say('启用', 'active') : say('停用', 'suspended')),
        cell(
          button(one.active ? say('停用', 'suspend') : say('启用', 'activate'), async () => {
            tell(await call('PATCH', path, {active: !one.active}), one.login);
            show();
          }),
          ' ',
          button(say('重置密码', 'reset password'), async () => {
            const made = await call('POST', path + '/reset', {});
            tell(made, one.login + once(made));
          })));
      return row;
    }));
    document.querySelector('[data-test=as-of]').textContent = new Date().toLocaleString('sv-SE', {timeZone: 'Asia/Shanghai'});
  }

  form.addEventListener('submit', async event => {
    event.preventDefault();
    const body = Object.fromEntries([...new FormData(form)].filter(([, value]) => value !== ''));
    const made = await call('POST', '', {...body, organization: form.dataset.organization});
    tell(made, say('已登记 ', 'Registered ') + body.login + once(made));
    if (made.ok) {
      form.reset();
      show();
    }
  });
  show();
})();
