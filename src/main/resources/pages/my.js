'use strict';
// Proves the slip: the token stands in the fragment of the address, which no server ever sees as
// part of one. It goes to the token endpoint with the last four characters, and nowhere else.
(() => {
  const say = (zh, en) => document.documentElement.lang === 'en' ? en : zh;
  const door = document.getElementById('door');
  if (door) {
    const fault = document.getElementById('fault');
    const tell = text => { fault.textContent = text; fault.hidden = false; };
    const token = location.hash.slice(1);
    if (token) {
      document.getElementById('hint').hidden = true;
    }
    door.addEventListener('submit', async event => {
      event.preventDefault();
      if (!token) {
        tell(say('请先扫描取药单上的二维码。', 'Scan the code on your slip first.'));
        return;
      }
      const body = new URLSearchParams({grant_type: 'urn:yifang:pickup', pickup_token: token, last_four: door.elements['last-four'].value.trim().toUpperCase()});
      try {
        const answer = await fetch('/auth/token', {method: 'POST', body});
        const told = await answer.json();
        if (!answer.ok) {
          fault.dataset.code = 'RX-2013';
          tell(answer.status === 429
            ? say('尝试次数过多，请一小时后再试，或请医院重开取药单。', 'Too many tries. Try again in an hour, or ask the hospital for a new slip.')
            : say('不符。请核对最后四位，或请医院重开取药单。', 'That does not fit. Check the last four, or ask the hospital for a new slip.'));
          return;
        }
        door.elements.token.value = told.access_token;
        door.elements['last-four'].disabled = true;
        history.replaceState(null, '', location.pathname + location.search);
        door.submit();
      } catch {
        tell(say('网络不通，请再试一次。', 'No connection. Try again.'));
      }
    });
    return;
  }
  // What somebody has just sent is answered, whatever news come meanwhile. They wait so long and no
  // longer: that a page stopped waiting for its answer is told to no script.
  const ANSWERED = 10000;
  let sent = -ANSWERED;
  const leave = () => { sent = performance.now(); };
  // Some telephones tell no page that it is about to leave.
  ['submit', 'beforeunload'].forEach(one => addEventListener(one, leave));
  addEventListener('pageshow', event => {
    if (event.persisted) {
      sent = -ANSWERED;
    }
  });
  const send = form => {
    leave();
    form.submit();
  };
  document.getElementById('hour')?.addEventListener('input', event => { document.getElementById('worth').value = event.target.value; });
  document.getElementById('hour')?.addEventListener('change', event => send(event.target.form));
  document.getElementById('here')?.addEventListener('click', () =>
    navigator.geolocation.getCurrentPosition(at => {
      const form = document.getElementById('place');
      form.elements.latitude.value = at.coords.latitude.toFixed(4);
      form.elements.longitude.value = at.coords.longitude.toFixed(4);
      send(form);
    }));
  const mine = document.getElementById('mine');
  if (mine && window.EventSource) {
    const news = document.getElementById('news');
    const place = document.getElementById('place');
    let later = null;
    // What answers a form stands at the form's address, which cannot be fetched; cards that were
    // reckoned from a place are reckoned from it again.
    function renew() {
      const wait = sent + ANSWERED - performance.now();
      clearTimeout(later);
      if (wait > 0) {
        later = setTimeout(renew, wait);
        return;
      }
      if (window.watch.isFilledIn(mine)) {
        news.hidden = false;
      } else if (location.pathname === '/my/place' && place) {
        send(place);
      } else {
        location.href = location.pathname === '/my' ? location.pathname + location.search : mine.dataset.from;
      }
    }
    window.watch.whenLeft(() => {
      if (!news.hidden) {
        renew();
      }
    });
    // An answer is to be read before the page that takes its place: one's own act comes back as
    // news, too.
    window.watch(['prescription-status', 'dispense-ready', 'dispense-recorded', 'claim-lost', 'price-reached'], 'answered' in mine.dataset ? 15000 : 300, renew,
      topic => {
        if (topic === 'dispense-ready') {
          document.title = '✓ ' + document.title;
        }
      });
  }
})();
