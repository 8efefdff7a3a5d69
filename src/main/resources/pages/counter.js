'use strict';
// The counter's hands: keeps the cursor in the field, sorts what is scanned, checks packs before
// anything is sent, counts the lease down, and keeps what was scanned when the connection is lost.
(() => {
  const english = document.documentElement.lang === 'en';
  const say = (zh, en) => english ? en : zh;
  const code = document.getElementById('code');
  const heard = document.getElementById('heard');
  const PRODUCTS = 'yifang-products';
  const RENEW_BELOW_SECONDS = 300;
  let worked = 0;
  let audio = null;

  const hand = () => document.getElementById('hand');
  const state = () => document.querySelector('#work [data-state]');

  function sound(bad) {
    try {
      audio ??= new AudioContext();
      const tone = audio.createOscillator();
      tone.frequency.value = bad ? 180 : 880;
      tone.connect(audio.destination);
      tone.start();
      tone.stop(audio.currentTime + (bad ? .35 : .06));
    } catch { /* A counter without sound reads the words. */ }
  }

  function tell(text, bad) {
    heard.textContent = text;
    heard.className = bad ? 'heard bad' : 'heard';
    if (text) {
      sound(bad);
    }
  }

  // Which product a pack is of: the first seven digits of a trace code, or the GTIN of a GS1 code.
  // The platform keeps no list of them; this counter learns them from what it handed out.
  const product = trace => /^8\d{19}$/.test(trace) ? trace.slice(0, 7)
    : /^01\d{14}/.test(trace) ? trace.slice(2, 16) : null;
  const learnt = () => JSON.parse(localStorage.getItem(PRODUCTS) || '{}');
  const isTrace = text => /^8\d{19}$/.test(text) || /^(\]d2)?\(?01\)?\d{14}/.test(text);
  const plain = text => text.replace(/^\]d2/, '').replace(/[()\u001d]/g, '');
  const codes = field => field.value.split(/[\s,;，；]+/).filter(Boolean);

  // GS1: element strings with a separator behind those of open length, or in brackets as printed.
  const SHORT = {'01': 14, '11': 6, '17': 6};
  function gs1(text) {
    const found = {};
    const bare = text.replace(/^\]d2/, '');
    const take = (which, value) => {
      if (which === '01') { found.gtin = value; }
      else if (which === '17') { found.expiry = '20' + value.slice(0, 2) + '-' + value.slice(2, 4) + '-' + (value.slice(4, 6) === '00' ? '01' : value.slice(4, 6)); }
      else if (which === '10') { found.lot = value; }
    };
    if (bare.startsWith('(')) {
      [...bare.matchAll(/\((\d{2})\)([^(\u001d]*)/g)].forEach(([, which, value]) => take(which, value));
      return found;
    }
    bare.split('\u001d').forEach(part => {
      for (let rest = part; rest.length > 2;) {
        const length = SHORT[rest.slice(0, 2)] || rest.length;
        take(rest.slice(0, 2), rest.slice(2, 2 + length));
        rest = rest.slice(2 + length);
      }
    });
    return found;
  }

  function lines() {
    return [...document.querySelectorAll('#hand .line')].filter(line => line.querySelector('textarea'));
  }

  function fields(line) {
    const name = 'line-' + line.dataset.line + '-';
    const at = what => line.querySelector('[name="' + name + what + '"]');
    return {trace: at('trace'), lot: at('lot'), expiry: at('expiry'), product: at('product'), quantity: at('quantity'), price: at('price')};
  }

  // The line a pack belongs to; null with the reason told.
  function lineOf(trace) {
    const all = lines();
    if (all.some(line => codes(fields(line).trace).includes(trace))) {
      tell(say('这一盒已经扫过。', 'This pack has been scanned already.'), true);
      return null;
    }
    const which = product(trace);
    const known = which && learnt()[which];
    if (known) {
      const fits = all.find(line => [...fields(line).product.options].some(one => one.value === known));
      if (!fits) {
        tell(say('拿错了：这一盒不是本处方的药品。', 'Wrong pack: it is not for this prescription.'), true);
        return null;
      }
      fields(fits).product.value = known;
      priced(fits);
      return fits;
    }
    const same = which && all.find(line => codes(fields(line).trace).some(one => product(one) === which));
    return same || all.find(line => codes(fields(line).trace).length === 0) || all.at(-1) || null;
  }

  function pack(text) {
    const trace = plain(text);
    const line = lineOf(trace);
    if (!line) {
      return;
    }
    const at = fields(line);
    at.trace.value = [...codes(at.trace), trace].join('\n');
    at.trace.rows = Math.max(1, codes(at.trace).length);
    const read = /^8\d{19}$/.test(trace) ? {} : gs1(text);
    if (read.lot) { at.lot.value = read.lot; }
    if (read.expiry) { at.expiry.value = read.expiry; }
    tell(say('第 ' + line.dataset.line + ' 行：第 ' + codes(at.trace).length + ' 盒', 'Line ' + line.dataset.line + ': pack ' + codes(at.trace).length), false);
    keep();
  }

  function priced(line) {
    const at = fields(line);
    const option = at.product.selectedOptions[0];
    const [price, units, quantity] = [option.dataset.price, option.dataset.units, at.quantity.value].map(Number);
    if (price && units && quantity) {
      at.price.value = (Math.round(price * quantity * 100 / units) / 100).toFixed(2);
    }
  }

  // What was typed survives a lost connection, an ended session and a reload; it leaves with the tab.
  function keep() {
    const form = hand();
    if (!form) {
      return;
    }
    const kept = {};
    new FormData(form).forEach((value, name) => {
      if (/^line-\d+-(quantity|trace|lot|expiry|price|product)$|^(prepare|check|once|handed-over)$/.test(name)) {
        kept[name] = value;
      }
    });
    sessionStorage.setItem('counter-' + state().dataset.task, JSON.stringify(kept));
  }

  function restore() {
    const form = hand();
    const kept = form && JSON.parse(sessionStorage.getItem('counter-' + state().dataset.task) || 'null');
    Object.entries(kept || {}).forEach(([name, value]) => {
      const field = form.elements[name];
      if (field && value) {
        field.value = value;
      }
    });
    const prepare = form && form.elements.prepare;
    if (prepare && !prepare.value) {
      prepare.value = sessionStorage.getItem('counter-prepare') || '';
    }
  }

  function shown() {
    const now = state();
    const scanned = document.querySelector('#hand [name=scanned]');
    if (now && scanned && scanned.value) {
      sessionStorage.setItem('counter-code-' + now.dataset.task, scanned.value);
    }
    restore();
    worked = Date.now();
    if (document.querySelector('#work .note.bad')) {
      sound(true);
    }
    if (hand()) {
      const prepare = hand().elements.prepare;
      (prepare.value ? code : prepare).focus();
    } else {
      code.focus();
    }
  }

  function ready(form) {
    const fault = document.getElementById('fault');
    let text = '';
    if (form.elements.prepare.value && form.elements.prepare.value === form.elements.check.value) {
      text = say('调配人与核对人必须是两个人。', 'Two different people prepare and check.');
    } else if (!form.elements.checked.checked) {
      text = say('请先完成四查十对（F8）。', 'Check first: 四查十对 (F8).');
    } else {
      lines().forEach(line => {
        const at = fields(line);
        if (Number(at.quantity.value) > Number(line.dataset.remaining)) {
          text = say('第 ' + line.dataset.line + ' 行超过剩余数量。', 'Line ' + line.dataset.line + ' is more than remains.');
        }
      });
    }
    fault.textContent = text;
    if (text) {
      sound(true);
    }
    return !text;
  }

  function learn(form) {
    const all = learnt();
    lines().forEach(line => codes(fields(line).trace).forEach(trace => {
      if (product(trace)) {
        all[product(trace)] = fields(line).product.value;
      }
    }));
    localStorage.setItem(PRODUCTS, JSON.stringify(all));
    sessionStorage.setItem('counter-prepare', form.elements.prepare.value);
  }

  document.getElementById('scan').addEventListener('submit', event => {
    const text = code.value.trim();
    if (hand() && isTrace(text)) {
      event.preventDefault();
      event.stopImmediatePropagation();
      pack(text);
      code.value = '';
      return;
    }
    tell('', false);
  }, true);

  document.addEventListener('submit', event => {
    const form = event.target;
    if (form.id !== 'hand' || (event.submitter && event.submitter.dataset.test !== 'dispense')) {
      return;
    }
    if (!ready(form)) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    form.elements['handed-over'].value ||= new Date().toISOString();
    learn(form);
    keep();
  }, true);

  document.addEventListener('keydown', event => {
    const form = hand();
    if (event.key === 'Enter' && event.target.name?.endsWith('-trace')) {
      // A scanner ends each code with Enter: the next one goes behind it.
      event.preventDefault();
      if (event.target.value && !event.target.value.endsWith('\n')) {
        event.target.value += '\n';
        event.target.rows = event.target.value.split('\n').length;
      }
    } else if (event.key === 'Enter' && event.ctrlKey && form) {
      event.preventDefault();
      form.requestSubmit(form.querySelector('[data-test=dispense]'));
    } else if (event.key === 'Enter' && event.target.closest?.('#hand') && event.target.tagName === 'INPUT') {
      event.preventDefault();
      const all = [...form.querySelectorAll('input:not([type=hidden]),textarea,select,button.go')];
      all[all.indexOf(event.target) + 1]?.focus();
    } else if (event.key === 'Escape') {
      code.focus();
      code.select();
    } else if (event.key === 'F8' && form) {
      event.preventDefault();
      form.elements.checked.checked = !form.elements.checked.checked;
    } else if (event.key === 'F9' && form) {
      event.preventDefault();
      form.querySelector('[data-test=renew]').click();
    } else if (event.key === 'F10' && document.getElementById('receipt')) {
      event.preventDefault();
      print();
    }
    worked = Date.now();
  });

  document.addEventListener('input', event => {
    const line = event.target.closest?.('#hand .line');
    if (line && /-(quantity|product)$/.test(event.target.name)) {
      priced(line);
    }
    keep();
  });

  document.addEventListener('click', event => {
    if (event.target.closest('[data-print]')) {
      print();
    }
    const resume = event.target.closest('[data-resume]');
    if (resume) {
      const known = sessionStorage.getItem('counter-code-' + resume.dataset.resume);
      if (known) {
        code.value = known;
        document.getElementById('scan').requestSubmit();
      } else {
        tell(say('请再次扫描取药单。', 'Scan its slip again.'), false);
        code.focus();
      }
    }
  });

  document.body.addEventListener('htmx:afterSettle', event => {
    if (event.target.id === 'work' || event.detail.elt?.id === 'work') {
      code.value = '';
      if (!hand() && state()) {
        sessionStorage.removeItem('counter-' + state().dataset.task);
        if (!heard.classList.contains('bad')) {
          tell('', false);
        }
      }
      shown();
    }
  });
  document.body.addEventListener('htmx:sendError', () =>
    tell(say('网络中断：已扫内容都在，请再按一次。', 'No connection: what was scanned is kept. Send again.'), true));
  document.body.addEventListener('htmx:beforeSwap', event => {
    if (event.detail.xhr.status >= 500) {
      event.detail.shouldSwap = false;
      keep();
      tell(say('服务暂时不可用：已扫内容都在，请稍后再按一次。', 'Not in service now: what was scanned is kept. Send again in a moment.'), true);
      return;
    }
    // The session ended meanwhile: sign in and come back, what was scanned waits.
    if (event.detail.xhr.responseURL.includes('/sign-in')) {
      event.detail.shouldSwap = false;
      keep();
      if (event.detail.requestConfig.headers['X-Live']) {
        // Fetched by the page itself: nobody is thrown out in the middle of a scan.
        return;
      }
      location.href = '/sign-in?back=/counter';
    }
  });

  // What was cancelled leaves the counter: its form goes, what was handed out stays.
  function stands() {
    const token = document.querySelector('#scan [name=form-token]').value;
    window.htmx?.ajax('POST', '/counter/stands', {target: '#work', select: '#work', swap: 'outerHTML', headers: {'X-Live': '1'},
      values: {'form-token': token, task: state().dataset.task}});
  }

  setInterval(() => {
    const at = document.getElementById('lease');
    const now = state();
    if (at && now?.dataset.lease) {
      const left = Math.round((Date.parse(now.dataset.lease) - Date.now()) / 1000);
      const minutes = Math.floor(left / 60) + ':' + String(left % 60).padStart(2, '0');
      at.textContent = left > 0 ? say('还剩 ' + minutes, minutes + ' left') : say('已到期', 'over');
      at.className = left < 120 ? 'bad' : '';
      if (left > 0 && left < RENEW_BELOW_SECONDS && Date.now() - worked < 60000 && hand()) {
        worked = 0;
        keep();
        hand().querySelector('[data-test=renew]').click();
      }
    }
  }, 1000);

  window.watch(['prescription-status', 'prescription-available', 'claim-lost', 'dispense-recorded'], 300,
    () => { window.htmx?.trigger('#beside', 'live'); },
    (topic, event) => {
      const told = JSON.parse(event.data);
      const mine = state() && told.focus.reference === 'Task/' + state().dataset.task;
      if (mine && topic === 'claim-lost') {
        if (told.state?.endsWith('cancelled')) {
          tell(say('医院已撤销本处方：不要发药。', 'The hospital cancelled this prescription: hand nothing out.'), true);
          stands();
        } else {
          tell(say('本处方已不再由本店保留。', 'This prescription is no longer held here.'), true);
        }
      }
    });
  shown();
})();
