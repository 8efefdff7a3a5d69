'use strict';
// Shows how the windows of one organization stand, pushed by the service; numbers only.
const words = document.documentElement.lang === 'en'
  ? {
      stages: {registration: 'Registration', triage: 'Triage', consultation: 'Consultation', payment: 'Payment', review: 'Pharmacy review', dispensing: 'Dispensing', 'hand-over': 'Hand-over'},
      inLine: 'waiting', now: 'no wait', likely: 'about {1} min', range: '{0} to {2} min', none: 'No window has reported yet.', lost: 'Connection lost, trying again … ', stood: 'This is how it stood at {0}.', live: 'Live', reading: 'reading …', failed: 'The service does not answer. Try again.'
    }
  : {
      stages: {registration: '挂号', triage: '分诊', consultation: '就诊', payment: '缴费', review: '药师审方', dispensing: '调配', 'hand-over': '取药'},
      inLine: '人等候', now: '无需等候', likely: '约 {1} 分钟', range: '{0} 至 {2} 分钟', none: '还没有窗口上报。', lost: '连接中断，正在重试……', stood: '以下是 {0} 的情况。', live: '实时', reading: '正在读取……', failed: '服务没有响应，请重试。'
    };
const choice = document.getElementById('organization');
const board = document.getElementById('queues');
const state = document.getElementById('state');
const COUNTED_MOST = 1000;
let source = null;
let stood = '';
let cards = new Map();

const say = (text, ...values) => text.replace(/\{(\d)\}/g, (_, at) => values[at]);

function part(card, name, text) {
  const one = document.createElement('span');
  one.className = name;
  one.textContent = text;
  card.append(one);
  return one;
}

// What a queue is called: its stage, or else what there is, and where it stands.
function called(queue) {
  // A hospital's own name is no code, and stays as it is; a number stays with what it numbers.
  const own = /\p{Script=Han}/u.test(queue.queue) ? queue.queue : '';
  const room = queue.name?.[document.documentElement.lang === 'en' ? 'en' : 'zh-CN']?.replace(/ (?=\d)/, '\u00a0') ?? own;
  const [stage, ...where] = [...new Set([words.stages[queue.stage] || room, queue.department, room])].filter(Boolean);
  return [stage ?? queue.queue, ...where];
}

// A code is shown only of those that would else be called alike.
function card(queue, all) {
  const one = document.createElement('section');
  one.className = 'card';
  const name = called(queue);
  const alike = all.filter(other => called(other).join() === name.join()).length > 1;
  const [stage, ...where] = alike ? [...new Set([...name, queue.queue])] : name;
  part(one, 'stage', stage);
  part(one, 'where', where.join(' · '));
  const line = document.createElement('p');
  one.append(line);
  // A number that is not known yet has no unit.
  line.hidden = true;
  const shown = {line, count: part(line, 'count', '')};
  part(line, 'unit', words.inLine);
  shown.likely = part(one, 'likely', words.reading);
  shown.range = part(one, 'range', '');
  board.append(one);
  return shown;
}

function stand(now) {
  const shown = cards.get(now.id);
  if (!shown) {
    return;
  }
  // As the service writes it: 2026-11-29 08:30:00.
  stood = new Date().toLocaleString('sv-SE', {timeZone: 'Asia/Shanghai', hour12: false});
  document.querySelector('[data-test=as-of]').textContent = stood;
  const minutes = [now.waitLowSeconds, now.waitLikelySeconds, now.waitHighSeconds].map(seconds => Math.ceil(seconds / 60));
  const [low, likely, high] = minutes;
  // The service counts no further.
  shown.line.hidden = false;
  state.textContent = words.live;
  shown.count.textContent = now.inLine < COUNTED_MOST ? now.inLine : COUNTED_MOST + '+';
  shown.likely.textContent = likely === 0 ? words.now : say(words.likely, ...minutes);
  shown.range.textContent = low === high ? '' : say(words.range, ...minutes);
}

async function watch(organization) {
  source?.close();
  board.replaceChildren();
  state.textContent = words.reading;
  cards = new Map();
  const about = 'organization=' + encodeURIComponent(organization);
  let queues;
  try {
    queues = (await (await fetch('/queue?' + about)).json()).queues;
  } catch {
    state.textContent = words.failed;
    return;
  }
  if (choice.value !== organization) {
    return;
  }
  if (queues.length === 0) {
    state.textContent = words.none;
    return;
  }
  queues.forEach(queue => cards.set(queue.id, card(queue, queues)));
  source = new EventSource('/queue/live?' + about);
  source.addEventListener('error', () => { state.textContent = words.lost + (stood ? say(words.stood, stood) : ''); });
  source.addEventListener('standing', event => stand(JSON.parse(event.data)));
}

choice.addEventListener('change', () => {
  history.replaceState(null, '', '?' + new URLSearchParams({lang: document.documentElement.lang === 'en' ? 'en' : 'zh', organization: choice.value}));
  watch(choice.value);
});
watch(choice.value);
