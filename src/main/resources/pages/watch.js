'use strict';
// Hears what happens from the moment that the page shows: what came while the page was on its way
// is told first. Then `renew` fetches anew what is shown, `pause` after the first of the news and
// not after the last: news may come without end. What could not be fetched is fetched again, and so
// is the line itself: a browser comes back alone when the line breaks, but never after an answer
// that says "not now".
window.watch = (topics, pause, renew, hear) => {
  const FIRST = 2000;
  const LONGEST = 300000;
  let last = document.getElementById('main').dataset.event;
  let due = null;
  let line = FIRST;
  let patience = 0;
  function soon() {
    due ??= setTimeout(() => {
      due = null;
      renew();
    }, Math.max(pause, patience * (1 + Math.random())));
  }
  // Nothing is put in place of what is shown while the service is away, and whoever works at
  // something else is not told of it.
  function answered(event) {
    const {requestConfig, xhr} = event.detail;
    if (!requestConfig?.headers['X-Live']) {
      return;
    }
    if (event.type !== 'htmx:beforeSwap' || xhr.status === 429 || xhr.status >= 500) {
      event.detail.shouldSwap = false;
      event.stopPropagation();
      patience = Math.min(LONGEST, patience * 2 || FIRST);
      soon();
    } else {
      patience = 0;
    }
  }
  ['htmx:beforeSwap', 'htmx:sendError', 'htmx:timeout'].forEach(one => document.addEventListener(one, answered, true));
  function open() {
    const asked = new URLSearchParams({topic: topics.join(',')});
    if (last) {
      asked.set('Last-Event-ID', last);
    }
    const source = new EventSource('/events?' + asked);
    source.addEventListener('open', () => {
      line = FIRST;
      // The service is back: what was to be fetched later is fetched now, not by all at once.
      if (patience > 0) {
        patience = 0;
        clearTimeout(due);
        due = setTimeout(() => {
          due = null;
          renew();
        }, FIRST * Math.random());
      }
    });
    source.addEventListener('error', () => {
      if (source.readyState === EventSource.CLOSED) {
        setTimeout(open, line * (1 + Math.random()));
        line = Math.min(LONGEST, line * 2);
      }
    });
    topics.forEach(topic => source.addEventListener(topic, event => {
      last = event.lastEventId || last;
      hear?.(topic, event);
      soon();
    }));
  }
  open();
};
// Whether somebody fills in a part: the focus is in a field of it, or one is not as it came, or came
// back with what was typed and not taken.
window.watch.isFilledIn = part => {
  const came = one => 'typed' in one.dataset ? '' : one.defaultValue;
  const isChanged = one => one.type === 'radio' || one.type === 'checkbox'
    ? one.checked !== one.defaultChecked
    : one.value !== came(one);
  const isChosen = one => {
    const first = [...one.options].find(option => option.defaultSelected) ?? one.options[0];
    return first && !first.selected;
  };
  const focus = document.activeElement;
  return part.contains(focus) && focus.matches('input, select, textarea')
    || [...part.querySelectorAll('input, textarea')].some(isChanged)
    || [...part.querySelectorAll('select')].some(isChosen);
};
// Tells when somebody may have left a part; later than a click takes, which moves the focus before
// it does anything.
window.watch.whenLeft = left => {
  ['focusout', 'change', 'reset'].forEach(one => document.addEventListener(one, () => setTimeout(left, 500)));
};
