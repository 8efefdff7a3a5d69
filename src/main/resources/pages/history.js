'use strict';
// Looks at a file of the past before it is sent: its kind, its days, what does not fit.
(() => {
  const say = (zh, en) => document.documentElement.lang === 'en' ? en : zh;
  const at = id => document.getElementById(id);
  const KINDS = [
    ['ticket', say('逐票记录', 'single tickets')],
    ['month', say('月度数字', 'monthly figures')],
    ['unit', say('应有数', 'expected units')]
  ];
  const DOUBTS_MOST = 5;
  let bytes = null;

  function cells(line) {
    const found = [];
    let cell = '';
    let quoted = false;
    for (const one of line) {
      if (one === '"') {
        quoted = !quoted;
      } else if (one === ',' && !quoted) {
        found.push(cell);
        cell = '';
      } else {
        cell += one;
      }
    }
    return [...found, cell];
  }

  function row(into, names, tag) {
    const line = document.createElement('tr');
    names.forEach(name => {
      const cell = document.createElement(tag);
      cell.textContent = name;
      line.append(cell);
    });
    into.append(line);
  }

  async function look(file) {
    at('told').hidden = true;
    at('refused').replaceChildren();
    bytes = await file.arrayBuffer();
    const text = new TextDecoder().decode(bytes).replace(/^\uFEFF/, '');
    const lines = text.split(/\r?\n/).filter(line => line !== '');
    const heads = cells(lines[0] ?? '').map(head => head.trim().toLowerCase());
    const rows = lines.slice(1).map(cells);
    const kind = KINDS.find(one => heads.includes(one[0]));
    const place = name => heads.indexOf(name);
    const column = name => place(name) < 0 ? [] : rows.map(one => one[place(name)] ?? '').filter(Boolean);
    const days = [...column('day'), ...column('month')].sort();
    const hash = [...new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))].map(one => one.toString(16).padStart(2, '0')).join('');
    const facts = [
      [say('种类', 'Kind'), kind ? kind[1] : say('表头不认识', 'unknown header')],
      [say('行数', 'Rows'), String(rows.length)],
      [say('日期', 'Days'), days.length ? days[0] + ' – ' + days[days.length - 1] : '–'],
      [say('机构', 'Organizations'), [...new Set(column('organization'))].slice(0, 8).join('，') || '–'],
      [say('队列', 'Queues'), String(new Set(column('queue')).size)],
      ['SHA-256', hash]
    ];
    at('facts').replaceChildren();
    facts.forEach(fact => row(at('facts'), fact, 'td'));
    const doubts = [];
    rows.forEach((one, i) => {
      if (one.length !== heads.length) {
        doubts.push(say('第 ', 'line ') + (i + 2) + say(' 行有 ', ' has ') + one.length + say(' 列，应为 ', ' columns, not ') + heads.length);
      }
    });
    at('doubts').hidden = doubts.length === 0;
    at('doubts').textContent = doubts.slice(0, DOUBTS_MOST).join('；') + (doubts.length > DOUBTS_MOST ? ' … ' + doubts.length : '');
    at('heads').replaceChildren();
    at('rows').replaceChildren();
    row(at('heads'), heads, 'th');
    rows.slice(0, 10).forEach(one => row(at('rows'), one, 'td'));
    at('send').disabled = !kind || rows.length === 0;
    at('preview').hidden = false;
  }

  at('file').addEventListener('change', event => event.target.files[0] && look(event.target.files[0]));
  at('send').addEventListener('click', async () => {
    at('send').disabled = true;
    let answer;
    try {
      answer = await fetch('/bureau/history', {method: 'POST', headers: {'X-Form-Token': at('token').dataset.token, 'Content-Type': 'text/csv'}, body: bytes});
    } catch {
      at('send').disabled = false;
    }
    const json = answer ? await answer.json().catch(() => ({})) : {};
    const part = name => (json.parameter ?? []).find(one => one.name === name)?.valueInteger ?? 0;
    const issue = (json.issue ?? [])[0];
    at('told').hidden = false;
    at('told').className = answer?.ok ? 'note good' : 'note bad';
    at('told').dataset.code = issue?.details?.coding?.[0]?.code ?? '';
    at('told').replaceChildren(...(answer?.ok
      ? [say('已接收 ', 'Accepted ') + part('accepted') + say('，重复 ', ', repeated ') + part('repeated') + say('，拒绝 ', ', refused ') + part('refused')]
      : issue ? [issue.details.text + ' ', window.detailOf(issue.diagnostics)] : [say('服务没有应答，请重试。', 'The service did not answer. Try again.')]));
    at('refused').replaceChildren(...(json.parameter ?? []).filter(one => one.name === 'row').slice(0, 50).map(one => {
      const item = document.createElement('li');
      item.append(one.part.map(each => each.valueInteger !== undefined ? say('第 ', 'line ') + each.valueInteger + say(' 行', '') : window.detailOf(each.valueString)).join(' · '));
      return item;
    }));
  });
})();
