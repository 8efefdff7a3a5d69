'use strict';
// The auditor's page: proofs are fetched as anybody would and checked in this browser.
(() => {
  const say = (zh, en) => document.documentElement.lang === 'en' ? en : zh;
  const names = {
    event: say('条目就是该事件', 'the entry is that event'), signature: say('检查点签名', 'signature of the checkpoint'),
    inclusion: say('包含在日志中', 'included in the log'), fields: say('字段承诺', 'fields opened'),
    'kept-signature': say('保存的检查点签名', 'signature of the kept checkpoint'), kept: say('与保存的检查点一致', 'consistent with the kept checkpoint')
  };
  let kept = localStorage.getItem('yifang-checkpoint');
  const told = document.getElementById('kept-told');
  const tellKept = () => {
    told.textContent = kept ? say('正在对照：', 'Checking against: ') + kept.split('\n').slice(0, 2).join(' · ') : say('尚未放入；只对照现在的检查点。', 'None yet; checked against the checkpoint of now only.');
  };
  tellKept();
  async function take(file) {
    kept = await file.text();
    localStorage.setItem('yifang-checkpoint', kept);
    tellKept();
  }
  document.getElementById('kept').addEventListener('change', event => event.target.files[0] && take(event.target.files[0]));
  document.addEventListener('dragover', event => event.preventDefault());
  document.addEventListener('drop', event => {
    event.preventDefault();
    if (event.dataTransfer.files[0]) {
      take(event.dataTransfer.files[0]);
    }
  });

  async function proof(id) {
    for (let attempt = 0; attempt < 4; attempt++) {
      const answer = await fetch('/fhir/AuditEvent/' + id + '/$proof', {headers: {Accept: 'application/fhir+json'}});
      if (answer.status !== 503) {
        if (!answer.ok) {
          throw new Error(String(answer.status));
        }
        return (await answer.json()).parameter;
      }
      await new Promise(done => setTimeout(done, 1000));
    }
    throw new Error(say('检查点尚未生成', 'no checkpoint yet'));
  }

  document.addEventListener('click', async event => {
    const button = event.target.closest('[data-event]');
    if (!button) {
      return;
    }
    const place = button.nextElementSibling;
    place.textContent = '…';
    button.disabled = true;
    try {
      const vkey = await (await fetch('/audit/vkey')).text();
      const found = await AuditProof.check(await proof(button.dataset.event), button.dataset.event, vkey, kept);
      place.replaceChildren(...found.map(one => {
        const line = document.createElement('div');
        line.className = one.ok ? 'good' : 'bad';
        line.textContent = (one.ok ? '✓ ' : '✗ ') + (names[one.what] || one.what) + (one.value ? ' ' + one.value : '');
        return line;
      }));
      place.dataset.proven = String(found.every(one => one.ok));
    } catch (failure) {
      place.dataset.proven = 'false';
      place.textContent = '✗ ' + failure.message;
    }
    button.disabled = false;
  });

  document.getElementById('export').addEventListener('click', async () => {
    const progress = document.getElementById('progress');
    const answer = await fetch('/fhir/$export?_type=AuditEvent', {headers: {Prefer: 'respond-async', Accept: 'application/fhir+json'}});
    const status = answer.headers.get('Content-Location');
    if (answer.status !== 202 || !status) {
      progress.textContent = say('未能开始：', 'Not begun: ') + answer.status;
      return;
    }
    const address = new URL(status).pathname + new URL(status).search;
    for (;;) {
      const now = await fetch(address);
      if (now.status === 202) {
        progress.textContent = say('进行中 ', 'under way ') + (now.headers.get('X-Progress') || '');
        await new Promise(done => setTimeout(done, 1500));
        continue;
      }
      const done = await now.json();
      progress.replaceChildren(...(done.output || []).map(file => {
        const link = document.createElement('a');
        link.href = new URL(file.url).pathname + new URL(file.url).search;
        link.textContent = file.type + ' · ' + (file.count ?? '');
        const line = document.createElement('div');
        line.append(link);
        return line;
      }));
      return;
    }
  });
})();
