'use strict';
// Keeps what is marked `data-live` up to date: fetched again when the service tells of a change.
// What somebody is filling in is left alone.
(() => {
  const parts = [...document.querySelectorAll('[data-live]')];
  // Where the focus is or something is filled in, nothing moves: that part is renewed later.
  function renew(id) {
    const part = document.getElementById(id);
    if (part.contains(document.activeElement) || window.watch.isFilledIn(part)) {
      part.dataset.stale = 'true';
    } else {
      // What answers a form stands at the form's address, which cannot be fetched.
      window.htmx.ajax('GET', part.dataset.from ?? location.pathname + location.search, {target: '#' + id, select: '#' + id, swap: 'outerHTML', headers: {'X-Live': '1'}});
    }
  }
  if (parts.length > 0) {
    const topics = [...new Set(parts.flatMap(part => part.dataset.live.split(',')))];
    window.watch(topics, 500, () => parts.forEach(part => renew(part.id)));
    window.watch.whenLeft(() => parts
      .filter(part => document.getElementById(part.id).dataset.stale)
      .forEach(part => renew(part.id)));
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
