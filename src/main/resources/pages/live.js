'use strict';
// Keeps what is marked `data-live` up to date: fetched again when the service tells of a change.
// What somebody is filling in is left alone.
(() => {
  const parts = [...document.querySelectorAll('[data-live]')];
  let due = 0;
  function again() {
    document.querySelectorAll('[data-live]').forEach(part => {
      if (!part.contains(document.activeElement) || document.activeElement === document.body) {
        window.htmx.ajax('GET', location.pathname + location.search, {target: '#' + part.id, select: '#' + part.id, swap: 'outerHTML', headers: {'X-Live': '1'}});
      }
    });
  }
  if (parts.length > 0) {
    const topics = [...new Set(parts.flatMap(part => part.dataset.live.split(',')))];
    const live = new EventSource('/events?topic=' + topics.join(','));
    topics.forEach(topic => live.addEventListener(topic, () => {
      clearTimeout(due);
      due = setTimeout(again, 500);
    }));
  }
  // Nothing is put in place of what is shown when the service or the session is away.
  document.addEventListener('htmx:beforeSwap', event => {
    if (event.detail.xhr.status >= 400 || event.detail.xhr.responseURL.includes('/sign-in')) {
      event.detail.shouldSwap = false;
    }
  });
  document.addEventListener('click', async event => {
    const copy = event.target.closest('[data-copy]');
    if (copy) {
      await navigator.clipboard.writeText(copy.dataset.copy);
      copy.textContent = '✓';
    }
    if (event.target.closest('[data-print]')) {
      print();
    }
  });
})();
