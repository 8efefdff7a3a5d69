'use strict';
// The first operator's page: takes the code from behind the #, and posts what was typed.
(() => {
  const at = id => document.getElementById(id);
  const form = at('setup');
  const fault = at('fault');
  at('code').value = location.hash.slice(1);
  // The code does not stay in the history of the browser.
  if (location.hash) {
    history.replaceState(null, '', location.pathname + location.search);
  }

  // What the interface adds is in English: on a Chinese page it stands as such.
  function detail(text) {
    const one = document.createElement('code');
    one.lang = 'en';
    one.textContent = text;
    return one;
  }

  function refuse(text, code, more = '') {
    const english = document.documentElement.lang === 'en';
    const password = !english && more.includes('`password`');
    fault.replaceChildren(text, ' ', password ? '密码至少 10 个字符，不常见，且不含登录名。' : english ? more : more ? detail(more) : '');
    fault.dataset.code = code;
    fault.hidden = false;
  }

  form.addEventListener('submit', async event => {
    event.preventDefault();
    fault.hidden = true;
    const button = form.querySelector('button');
    button.disabled = true;
    try {
      const body = {client: true};
      for (const name of ['code', 'login', 'name', 'password']) {
        body[name] = at(name).value;
      }
      const answer = await fetch('/setup', {
        method: 'POST',
        headers: {'Content-Type': 'application/json', 'Accept-Language': document.documentElement.lang},
        body: JSON.stringify(body)
      });
      const json = await answer.json();
      if (answer.status === 201) {
        at('client').textContent = json.client.id;
        at('secret').textContent = json.client.secret;
        form.hidden = true;
        at('made').hidden = false;
      } else {
        const issues = json.issue || [];
        refuse(issues.map(one => one.details.text).join(' ') || String(answer.status),
          issues[0]?.details?.coding?.[0]?.code || '', issues.map(one => window.detailOf(one.diagnostics)).join(' ').trim());
      }
    } catch (away) {
      refuse(document.documentElement.lang === 'en' ? 'The service did not answer. Try again.' : '服务没有应答，请重试。', '');
    } finally {
      button.disabled = false;
    }
  });
})();
