'use strict';
// Suggests drugs while one types; Enter in the last field of a line adds it.
(() => {
  let due = 0;
  document.addEventListener('input', event => {
    if (event.target.name === 'diagnosis') {
      clearTimeout(due);
      due = setTimeout(async () => {
        const found = await (await fetch('/prescriptions/new/diagnoses?q=' + encodeURIComponent(event.target.value))).json();
        document.getElementById('diagnoses').replaceChildren(...found.map(one => {
          const option = document.createElement('option');
          option.value = one.code + ' ' + one.name;
          // A list of the browser's shows only what holds the text typed: initials stand beside.
          option.label = one.name + ' · ' + event.target.value;
          return option;
        }));
      }, 150);
      return;
    }
    if (event.target.name !== 'drug') {
      return;
    }
    clearTimeout(due);
    due = setTimeout(async () => {
      const found = await (await fetch('/prescriptions/new/drugs?q=' + encodeURIComponent(event.target.value))).json();
      document.getElementById('drugs').replaceChildren(...found.map(one => {
        const option = document.createElement('option');
        option.value = one.code;
        option.label = one.name + ' · ' + one.maker;
        return option;
      }));
    }, 150);
  });
  // What the rules say of it is told again when the patient or the diagnosis changes.
  document.addEventListener('change', event => {
    const about = ['patient-number', 'patient-name', 'diagnosis'].includes(event.target.name);
    if (about && document.querySelector('[name=line-1-code]')) {
      window.htmx.trigger('#write', 'findings');
    }
  });
  document.addEventListener('keydown', event => {
    if (event.key === 'Enter' && event.target.tagName === 'INPUT' && event.target.form?.id === 'write') {
      event.preventDefault();
      const add = event.target.form.querySelector('[data-test=add-line]');
      if (event.target.name === 'days') {
        add.click();
      } else {
        const all = [...event.target.form.querySelectorAll('input:not([type=hidden]),button')];
        all[all.indexOf(event.target) + 1]?.focus();
      }
    }
  });
  // After a line was added the hands go on with the next drug.
  document.querySelector(document.querySelector('[name=line-1-code]') ? '[name=drug]' : '[name=patient-number]').focus();
})();
