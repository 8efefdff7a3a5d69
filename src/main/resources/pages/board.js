'use strict';
// A screen in a hall: readable from eight metres, alive for nights without a reload. What is lost is
// asked for again; what is old says so.
(() => {
  const say = (zh, en) => document.documentElement.lang === 'en' ? en : zh;
  const stages = document.documentElement.lang === 'en'
    ? {registration: 'Registration', triage: 'Triage', consultation: 'Consultation', payment: 'Payment', review: 'Pharmacy review', dispensing: 'Dispensing', 'hand-over': 'Hand-over'}
    : {registration: '挂号', triage: '分诊', consultation: '就诊', payment: '缴费', review: '药师审方', dispensing: '调配', 'hand-over': '取药'};
  const SHANGHAI = {timeZone: 'Asia/Shanghai', hour12: false};
  const clock = at => new Date(at).toLocaleTimeString(document.documentElement.lang, {hour: '2-digit', minute: '2-digit', ...SHANGHAI});
  // As the service writes it: 2026-11-29 08:30:00.
  const whole = at => new Date(at).toLocaleString('sv-SE', SHANGHAI);
  const organization = document.getElementById('wall').dataset.organization;
  const board = document.getElementById('queues');
  const lost = document.getElementById('lost');
  const none = document.getElementById('none');
  const SILENT_MOST = 60000;
  const SHORT_MOST = 5;
  let heard = Date.now();
  let stood = heard;
  let cards = new Map();
  let source = null;
  if (!organization) {
    return;
  }

  function card(queue) {
    const one = document.createElement('section');
    one.className = 'card';
    const name = document.createElement('div');
    // A number stays with what it numbers.
    const room = queue.name?.[document.documentElement.lang === 'en' ? 'en' : 'zh-CN']?.replace(/ (?=\d)/, '\u00a0');
    name.textContent = [...new Set([stages[queue.stage] || room || queue.queue, queue.department, room])].filter(Boolean).join(' · ');
    const call = document.createElement('div');
    call.className = 'call';
    call.textContent = '–';
    const rest = document.createElement('div');
    rest.className = 'soft';
    one.append(name, call, rest);
    board.append(one);
    return {call, rest};
  }

  // Numbers are what is read from afar: words beside them are small, and no number is parted.
  function call(place, word, numbers) {
    const small = document.createElement('small');
    small.textContent = word + (numbers.length > 0 ? ' ' : '');
    place.replaceChildren(small, ...numbers.flatMap(number => {
      const one = document.createElement('span');
      one.className = number.length > SHORT_MOST ? 'long' : '';
      one.textContent = number;
      return [one, ' '];
    }));
  }

  function stand(now) {
    const shown = cards.get(now.id);
    heard = stood = Date.now();
    lost.hidden = true;
    document.querySelector('[data-test=as-of]').textContent = whole(stood);
    if (!shown) {
      return;
    }
    const likely = Math.ceil(now.waitLikelySeconds / 60);
    const calling = now.calling ?? [];
    const next = now.next ?? [];
    call(shown.call, calling.length ? say('请', 'Now') : next.length ? say('下一位', 'Next') : say('无人等候', 'nobody waits'), calling.length ? calling : next.slice(0, 1));
    shown.rest.textContent = now.inLine === 0 ? '' : say('等候 ', 'waiting ') + now.inLine + say(' 人 · 约 ', ' · about ') + likely + say(' 分钟', ' min') + (next.length && calling.length ? say(' · 随后 ', ' · then ') + next.join(' ') : '');
  }

  function away() {
    document.getElementById('stood').textContent = clock(stood);
    lost.hidden = false;
  }

  async function watch() {
    source?.close();
    try {
      const queues = (await (await fetch('/queue?organization=' + encodeURIComponent(organization))).json()).queues;
      board.replaceChildren();
      cards = new Map();
      none.hidden = queues.length > 0;
      if (queues.length === 0) {
        setTimeout(watch, 30000);
        return;
      }
      queues.forEach(queue => cards.set(queue.id, card(queue)));
      source = new EventSource('/queue/live?organization=' + encodeURIComponent(organization));
      source.addEventListener('standing', event => stand(JSON.parse(event.data)));
      source.addEventListener('error', away);
    } catch {
      away();
      setTimeout(watch, 5000);
    }
  }

  setInterval(() => {
    document.getElementById('clock').textContent = clock(Date.now());
    if (Date.now() - heard > SILENT_MOST && cards.size > 0) {
      heard = Date.now();
      away();
      watch();
    }
  }, 1000);
  watch();
})();
