'use strict';
// The operator's page: every button is a call of /admin, which answers the same to everybody.
(() => {
  const SHANGHAI = {timeZone: 'Asia/Shanghai', hour12: false};
  const say = (zh, en) => document.documentElement.lang === 'en' ? en : zh;
  const token = document.getElementById('token').dataset.token;
  const roles = Object.fromEntries(document.getElementById('token').dataset.roles.split(';').filter(Boolean).map(one => one.split('=')));
  const told = document.getElementById('told');
  const at = id => document.getElementById(id);
  // The parts of /health/ready.
  const PARTS = {
    'audit log': '审计日志', 'audit sequencer': '审计排序', 'blind index keys': '检索索引密钥', database: '数据库', outbox: '待发事件',
    subscriptions: '通知投递',
    passwords: '密码核对', reading: '读取文档的线程池', replica: '备用库', validation: '校验文档的线程池',
  };

  // Where the name of a part alone says too little.
  const MEANT = {reading: 'threads that read documents', validation: 'threads that validate documents'};

  async function call(method, path, body, type = 'application/json') {
    const answer = await fetch(path, {
      method,
      headers: {'X-Form-Token': token, 'Accept': 'application/json', ...(body === undefined ? {} : {'Content-Type': type})},
      body: body === undefined ? undefined : type === 'application/json' ? JSON.stringify(body) : body
    });
    const text = await answer.text();
    const json = text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : {};
    return {ok: answer.ok, status: answer.status, json};
  }

  const rows = json => Array.isArray(json) ? json : Object.values(json).find(Array.isArray) || [];

  const detail = text => window.detailOf(text) ? [window.detailOf(text)] : [];

  function tell(reply, done) {
    told.hidden = false;
    const issue = (reply.json.issue || [])[0];
    told.className = reply.ok ? 'note good' : 'note bad';
    if (issue) {
      told.dataset.code = issue.details?.coding?.[0]?.code || '';
    } else {
      delete told.dataset.code;
    }
    told.replaceChildren(reply.ok ? done : issue ? issue.details.text + ' ' : String(reply.status), ...(issue && !reply.ok ? detail(issue.diagnostics) : []));
    told.scrollIntoView({block: 'nearest'});
  }

  const cell = content => {
    const one = document.createElement('td');
    one.append(content ?? '');
    return one;
  };
  function button(text, act) {
    const one = document.createElement('button');
    one.type = 'button';
    one.className = 'second';
    one.textContent = text;
    one.addEventListener('click', act);
    return one;
  }
  const number = organization => organization?.number || organization || '';

  // Rows of a narrow screen are stacked: each cell says then what its column was.
  function fill(id, rows) {
    const heads = [...at(id).closest('table').querySelectorAll('th')].map(one => one.textContent);
    rows.forEach(row => [...row.cells].forEach((one, i) => heads[i] && one.textContent && one.setAttribute('data-label', heads[i])));
    at(id).replaceChildren(...rows);
  }

  // Names of institutions by their numbers, as many as one search may name at a time.
  const AT_ONCE = 20;
  const named = new Map();
  async function ask(numbers) {
    const asked = [...new Set(numbers)].filter(one => one && !named.has(one));
    for (let i = 0; i < asked.length; i += AT_ONCE) {
      const found = await call('GET', '/fhir/Organization?_count=200&identifier=' + encodeURIComponent(asked.slice(i, i + AT_ONCE).join(',')));
      (found.json.entry || []).forEach(({resource}) => (resource.identifier || []).forEach(one => named.set(one.value, resource.name)));
    }
  }
  // One after the other, so that two lists do not ask for the same.
  let asking = Promise.resolve();
  const names = numbers => asking = asking.catch(() => {}).then(() => ask(numbers));
  const institution = code => {
    const one = document.createElement('span');
    one.append(named.get(code) ? named.get(code) + ' ' : '');
    if (code) {
      const told = document.createElement('span');
      told.className = 'code';
      told.append(code);
      one.append(told);
    }
    return one;
  };

  async function clients() {
    const reply = await call('GET', '/admin/clients?count=500');
    const all = reply.ok ? rows(reply.json) : [];
    await names(all.map(one => number(one.organization)));
    fill('clients', all.map(one => {
      const row = document.createElement('tr');
      const acts = document.createElement('div');
      acts.className = 'acts';
      acts.append(
        button(one.active ? say('停用', 'suspend') : say('启用', 'activate'), async () => {
          tell(await call('PATCH', '/admin/clients/' + encodeURIComponent(one.id), {active: !one.active}), one.id);
          clients();
        }),
        button(say('换密钥', 'rotate secret'), async () => {
          const made = await call('POST', '/admin/clients/' + encodeURIComponent(one.id) + '/rotate-secret', {overlapMinutes: 60});
          tell(made, one.id + ' · ' + say('新密钥（仅此一次）：', 'new secret (this once): ') + (made.json.secret || ''));
        }));
      row.append(cell(one.id), cell(roles[one.role] || one.role), cell(institution(number(one.organization))), cell(one.active ? say('启用', 'active') : say('停用', 'suspended')), cell(acts));
      return row;
    }));
  }

  async function people() {
    const reply = await call('GET', '/admin/people?count=500');
    const all = reply.ok ? rows(reply.json) : [];
    await names(all.map(one => number(one.organization)));
    fill('people', all.map(one => {
      const row = document.createElement('tr');
      const acts = document.createElement('div');
      acts.className = 'acts';
      acts.append(
        button(one.active ? say('停用', 'suspend') : say('启用', 'activate'), async () => {
          tell(await call('PATCH', '/admin/people/' + encodeURIComponent(one.login), {active: !one.active}), one.login);
          people();
        }),
        button(say('重置密码', 'reset password'), async () => {
          const made = await call('POST', '/admin/people/' + encodeURIComponent(one.login) + '/reset', {});
          tell(made, one.login + ' · ' + say('一次性密码：', 'one-time password: ') + (made.json.password || ''));
        }));
      row.append(cell(one.login), cell(one.name), cell(roles[one.role] || one.role), cell(institution(number(one.organization))), cell(one.active ? say('启用', 'active') : say('停用', 'suspended')), cell(acts));
      return row;
    }));
  }

  // A feed that fails is told first, with what came of the last try.
  async function feeds() {
    const reply = await call('GET', '/admin/feeds');
    const all = reply.ok ? rows(reply.json) : [];
    at('no-feeds').hidden = all.length > 0;
    at('feeds').closest('.scroll').hidden = all.length === 0;
    await names(all.map(one => one.pharmacy));
    fill('feeds', all.map(one => {
      const row = document.createElement('tr');
      const path = '/admin/feeds/' + encodeURIComponent(one.pharmacy);
      const state = document.createElement('span');
      state.append(one.broken ? say('失败 ', 'fails, ') + one.failures + say(' 次 ', ' times ') : one.outcome ? say('正常 ', 'well ') : say('尚未取过', 'not fetched yet'), ...detail(one.outcome));
      const address = document.createElement('code');
      address.textContent = one.url;
      row.dataset.state = one.broken ? 'broken' : 'well';
      row.append(cell(institution(one.pharmacy)), cell(address), cell(String(one.everyMinutes)), cell(state), cell(new Date(one.next).toLocaleString(document.documentElement.lang, SHANGHAI)),
        cell(button(say('不再获取', 'fetch no more'), async () => {
          tell(await call('DELETE', path), say('不再获取：', 'Fetched no more: ') + one.pharmacy);
          feeds();
        })));
      return row;
    }));
  }

  // A receiver that fails is told first, with what it said last.
  const STANDS = {requested: say('待握手', 'to shake hands'), active: say('正常', 'well'), error: say('失败', 'fails'), off: say('已停', 'off')};
  async function receivers() {
    const reply = await call('GET', '/admin/receivers');
    const all = reply.ok ? rows(reply.json) : [];
    at('no-receivers').hidden = all.length > 0;
    at('receivers').closest('.scroll').hidden = all.length === 0;
    fill('receivers', all.map(one => {
      const row = document.createElement('tr');
      const address = document.createElement('code');
      const state = document.createElement('span');
      address.textContent = one.receiver;
      state.append((STANDS[one.status] || one.status) + ' ', ...detail(one.error));
      row.dataset.state = one.status === 'error' ? 'broken' : 'well';
      row.append(cell(one.client), cell(address), cell(one.topic), cell(state), cell(String(one.waiting)),
        cell(one.oldest ? new Date(one.oldest).toLocaleString(document.documentElement.lang, SHANGHAI) : ''), cell(String(one.parked)));
      return row;
    }));
  }

  function item(text, bad, more) {
    const one = document.createElement('li');
    one.append((bad ? '✗ ' : '✓ ') + text + ' ', ...detail(more));
    one.className = bad ? 'due' : '';
    return one;
  }

  // What the service measures of itself, by the limits of deploy/prometheus/alerts.yml.
  const BEHIND_MOST = 5;
  const UNCHECKED_MOST = 2 * 86400;
  const AHEAD_MOST = 2;
  const FULL = 0.92;

  async function gauges() {
    const answer = await fetch('/metrics');
    const found = new Map();
    (answer.ok ? (await answer.text()).split('\n') : []).forEach(line => {
      const read = /^([a-z_]+)(\{[^}]*\})? (-?[\d.eE+-]+)$/.exec(line);
      if (read) {
        found.set(read[1], [...(found.get(read[1]) || []), {labels: read[2] || '', value: Number(read[3])}]);
      }
    });
    const most = (name, labels = '') => Math.max(...(found.get(name) || []).filter(one => one.labels.includes(labels)).map(one => one.value));
    return {found, most};
  }

  function measured({found, most}) {
    const told = [];
    const tell = (text, bad) => told.push({text, bad});
    (found.get('yifang_ready') || []).forEach(one => {
      const part = /part="([^"]*)"/.exec(one.labels)?.[1] || '';
      if (part !== 'clock') {
        tell((one.value === 0 ? say('未就绪：', 'Not ready: ') : say('就绪：', 'Ready: ')) + say(PARTS[part] || part, MEANT[part] || part), one.value === 0);
      }
    });
    const behind = most('yifang_audit_log_behind_seconds');
    if (Number.isFinite(behind)) {
      tell(say('审计日志落后 ', 'Audit log behind by ') + behind.toFixed(1) + say(' 秒', ' s'), behind > BEHIND_MOST);
    }
    const findings = most('yifang_audit_check_findings');
    if (Number.isFinite(findings)) {
      tell(say('审计核查发现问题 ', 'Findings of the audit check: ') + findings, findings > 0);
    }
    const checked = most('yifang_audit_check_ended_seconds');
    if (checked > 0) {
      const hours = (Date.now() / 1000 - checked) / 3600;
      tell(say('上次全面核查：', 'Last whole check: ') + hours.toFixed(1) + say(' 小时前', ' hours ago'), hours * 3600 > UNCHECKED_MOST);
    }
    const ahead = most('yifang_clock_ahead_seconds');
    if (Number.isFinite(ahead)) {
      tell(say('时钟偏差 ', 'Clock off by ') + (Number(ahead.toFixed(2)) || 0).toFixed(2) + say(' 秒', ' s'), Math.abs(ahead) > AHEAD_MOST);
    }
    const used = (found.get('jvm_memory_used_bytes') || []).filter(one => one.labels.includes('area="heap"')).reduce((sum, one) => sum + one.value, 0);
    const room = (found.get('jvm_memory_max_bytes') || []).filter(one => one.labels.includes('area="heap"') && one.value > 0).reduce((sum, one) => sum + one.value, 0);
    if (room > 0) {
      tell(say('内存占用 ', 'Memory used ') + Math.round(used / room * 100) + ' %', used / room > FULL);
    }
    return told;
  }

  const REPORTED = {line: ['行 ', 'line '], key: ['', ''], outcome: ['', ''], code: ['', ''], reason: ['', ''], secret: ['密钥（仅此一次）：', 'secret (this once): '], password: ['一次性密码：', 'one-time password: ']};
  const OUTCOMES = {accepted: say('已接收', 'accepted'), changed: say('已更改', 'changed'), repeated: say('无变化', 'as before'), refused: say('未接收', 'refused')};
  // A row of an import that was not taken as it stood, or that made something to be handed on.
  const reported = row => Object.entries(row).map(([name, value]) => {
    const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
    const words = REPORTED[name];
    return (words ? say(words[0], words[1]) : name + ' ') + (OUTCOMES[text] || window.detailOf(text) || text);
  }).join(' · ');
  const jobState = state => ({done: say('已完成', 'done'), failed: say('失败', 'failed'), running: say('进行中', 'running'), stopped: say('已停止', 'stopped'), waiting: say('等待', 'waiting')})[state] || state;
  const jobLine = one => one.kind + ' · ' + jobState(one.state) + ' · ' + (one.done ?? 0) + (one.total ? ' / ' + one.total : '');

  async function health() {
    const [ready, jobs, measures] = await Promise.all([call('GET', '/health/ready'), call('GET', '/admin/jobs'), gauges()]);
    const all = jobs.ok ? rows(jobs.json) : [];
    const seen = [{text: say('服务：', 'Service: ') + (ready.ok ? say('就绪', 'ready') : say('未就绪 ', 'not ready ') + (ready.json.status || ready.status)), bad: !ready.ok}, ...measured(measures)];
    const failed = all.filter(one => one.state === 'failed').map(one => ({text: say('任务失败：', 'A job failed: ') + jobLine(one), bad: true, note: one.note}));
    const needs = [...seen.filter(one => one.bad), ...failed];
    at('health').replaceChildren(...seen.map(one => item(one.text, one.bad)), ...all.slice(0, 10).map(one => item(say('任务：', 'Job: ') + jobLine(one), one.state === 'failed', one.note)));
    at('needs').replaceChildren(...(needs.length ? needs.map(one => item(one.text, true, one.note)) : [item(say('没有。以下各项都正常。', 'Nothing: all below is well.'), false)]));
    at('seen').textContent = say('查看于 ', 'Looked at ') + new Date().toLocaleTimeString(document.documentElement.lang, SHANGHAI);
  }

  async function watch(reply) {
    let job = reply.json;
    while (job.id && !['done', 'failed', 'stopped'].includes(job.state)) {
      at('jobs').textContent = jobLine(job);
      await new Promise(done => setTimeout(done, 1000));
      job = (await call('GET', '/admin/jobs/' + job.id)).json;
    }
    at('jobs').replaceChildren(jobLine(job) + ' ', ...detail(job.note));
    health();
  }

  const values = form => Object.fromEntries([...new FormData(form)].filter(([, value]) => typeof value === 'string' && value !== ''));

  at('client-form').addEventListener('submit', async event => {
    event.preventDefault();
    const body = values(event.target);
    if (body.secret) { body.secret = true; }
    if (body.jwksUrl) { delete body.secret; }
    if (body.reviewsFor) { body.reviewsFor = body.reviewsFor.split(/\s+/); }
    const made = await call('POST', '/admin/clients', body);
    tell(made, say('已登记 ', 'Registered ') + body.id + (made.json.secret ? ' · ' + say('密钥（仅此一次）：', 'secret (this once): ') + made.json.secret : ''));
    clients();
  });
  at('person-form').addEventListener('submit', async event => {
    event.preventDefault();
    const body = values(event.target);
    if (body.manager) { body.manager = true; }
    const made = await call('POST', '/admin/people', body);
    tell(made, say('已登记 ', 'Registered ') + body.login + ' · ' + say('一次性密码：', 'one-time password: ') + (made.json.password || ''));
    people();
  });
  at('import-form').addEventListener('submit', async event => {
    event.preventDefault();
    const form = event.target;
    const file = form.elements.file.files[0];
    const csv = file ? await file.text() : form.elements.text.value;
    const made = await call('POST', '/admin/import?kind=' + form.elements.kind.value, csv, 'text/csv');
    tell(made, say('导入完成。', 'Imported.'));
    at('import-report').replaceChildren(...rows(made.json).map(one => {
      const line = document.createElement('li');
      line.append(reported(one));
      return line;
    }));
    clients();
    people();
  });
  at('keys-form').addEventListener('submit', async event => {
    event.preventDefault();
    const made = await call('POST', '/admin/keys/' + event.target.elements.key.value + '/rotate', {});
    tell(made, say('已开始轮换。', 'The rotation has begun.'));
    if (made.ok) { watch(made); }
  });
  at('retention').addEventListener('click', async () => {
    const made = await call('POST', '/admin/retention/run', {});
    tell(made, say('已开始。', 'Begun.'));
    if (made.ok) { watch(made); }
  });
  at('feed-form').addEventListener('submit', async event => {
    event.preventDefault();
    const {pharmacy, url, everyMinutes} = values(event.target);
    const made = await call('PUT', '/admin/feeds/' + encodeURIComponent(pharmacy), {url, ...(everyMinutes ? {everyMinutes: Number(everyMinutes)} : {})});
    tell(made, say('已登记价格源：', 'Price feed registered: ') + pharmacy);
    feeds();
  });
  clients();
  people();
  feeds();
  receivers();
  health();
  setInterval(health, 30000);
})();
