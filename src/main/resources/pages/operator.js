'use strict';
// The operator's page: every button is a call of /admin, which answers the same to everybody.
(() => {
  const say = (zh, en) => document.documentElement.lang === 'en' ? en : zh;
  const token = document.getElementById('token').dataset.token;
  const roles = Object.fromEntries(document.getElementById('token').dataset.roles.split(';').filter(Boolean).map(one => one.split('=')));
  const told = document.getElementById('told');
  const at = id => document.getElementById(id);

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

  function tell(reply, done) {
    told.hidden = false;
    const issue = (reply.json.issue || [])[0];
    told.className = reply.ok ? 'note good' : 'note bad';
    if (issue) {
      told.dataset.code = issue.details?.coding?.[0]?.code || '';
    } else {
      delete told.dataset.code;
    }
    told.textContent = reply.ok ? done : issue ? issue.details.text + ' ' + (issue.diagnostics || '') : String(reply.status);
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
    one.className = 'quiet';
    one.textContent = text;
    one.addEventListener('click', act);
    return one;
  }
  const number = organization => organization?.number || organization || '';

  async function clients() {
    const reply = await call('GET', '/admin/clients?count=500');
    at('clients').replaceChildren(...(reply.ok ? rows(reply.json) : []).map(one => {
      const row = document.createElement('tr');
      const acts = document.createElement('span');
      acts.append(
        button(one.active ? say('停用', 'suspend') : say('启用', 'activate'), async () => {
          tell(await call('PATCH', '/admin/clients/' + encodeURIComponent(one.id), {active: !one.active}), one.id);
          clients();
        }),
        button(say('换密钥', 'rotate secret'), async () => {
          const made = await call('POST', '/admin/clients/' + encodeURIComponent(one.id) + '/rotate-secret', {overlapMinutes: 60});
          tell(made, one.id + ' · ' + say('新密钥（仅此一次）：', 'new secret (this once): ') + (made.json.secret || ''));
        }));
      row.append(cell(one.id), cell(roles[one.role] || one.role), cell(number(one.organization)), cell(one.active ? say('启用', 'active') : say('停用', 'suspended')), cell(acts));
      return row;
    }));
  }

  async function people() {
    const reply = await call('GET', '/admin/people?count=500');
    at('people').replaceChildren(...(reply.ok ? rows(reply.json) : []).map(one => {
      const row = document.createElement('tr');
      const acts = document.createElement('span');
      acts.append(
        button(one.active ? say('停用', 'suspend') : say('启用', 'activate'), async () => {
          tell(await call('PATCH', '/admin/people/' + encodeURIComponent(one.login), {active: !one.active}), one.login);
          people();
        }),
        button(say('重置密码', 'reset password'), async () => {
          const made = await call('POST', '/admin/people/' + encodeURIComponent(one.login) + '/reset', {});
          tell(made, one.login + ' · ' + say('一次性密码：', 'one-time password: ') + (made.json.password || ''));
        }));
      row.append(cell(one.login), cell(one.name), cell(roles[one.role] || one.role), cell(number(one.organization)), cell(one.active ? say('启用', 'active') : say('停用', 'suspended')), cell(acts));
      return row;
    }));
  }

  function item(text, bad) {
    const one = document.createElement('li');
    one.textContent = (bad ? '✗ ' : '✓ ') + text;
    one.className = bad ? 'due' : '';
    return one;
  }

  async function health() {
    const found = [];
    const ready = await call('GET', '/health/ready');
    found.push(item(say('服务：', 'Service: ') + (ready.json.status || ready.status), !ready.ok));
    const jobs = await call('GET', '/admin/jobs');
    const failed = (jobs.ok ? rows(jobs.json) : []).filter(one => one.state === 'failed');
    at('health').replaceChildren(...found);
    const needs = [
      ...(ready.ok ? [] : [item(say('服务未就绪：', 'The service is not ready: ') + (ready.json.status || ''), true)]),
      ...failed.map(one => item(say('任务失败：', 'A job failed: ') + one.kind + ' ' + (one.note || ''), true))
    ];
    at('needs').replaceChildren(...(needs.length ? needs : [item(say('没有。', 'Nothing.'), false)]));
  }

  async function watch(reply) {
    let job = reply.json;
    while (job.id && !['done', 'failed', 'stopped'].includes(job.state)) {
      at('jobs').textContent = job.kind + ' · ' + job.state + ' · ' + job.done + (job.total ? ' / ' + job.total : '');
      await new Promise(done => setTimeout(done, 1000));
      job = (await call('GET', '/admin/jobs/' + job.id)).json;
    }
    at('jobs').textContent = (job.kind || '') + ' · ' + (job.state || '') + ' ' + (job.note || '');
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
      line.textContent = Object.entries(one).map(([name, value]) => name + ' ' + (typeof value === 'object' ? JSON.stringify(value) : value)).join(' · ');
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
  clients();
  people();
  health();
})();
