// The list of live streams. Each entry is a link, so it can be shared, and opened in another tab.

import { writeAsk } from '../lib/ask.js';
import { byId, copyRow, element, setText, syncChildren } from '../lib/dom.js';
import { bitrate, counted, duration, frameRate, size } from '../lib/format.js';
import { nameOf } from '../lib/codecs.js';
import { waysToPublish } from '../lib/links.js';

export class StreamList {
  #streams = byId('streams');
  #published = '';
  #count = null;

  /** @param {(key: string) => void} onChoice the viewer clicked on a stream */
  constructor(onChoice) {
    this.#streams.addEventListener('click', (event) => {
      const link = event.target.closest('a');
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0)
        return;
      event.preventDefault();
      onChoice(link.parentElement.dataset.key);
    });
  }

  render(streams, ask, places) {
    syncChildren(this.#streams, streams, (stream) => stream.key, makeRow,
      (row, stream) => updateRow(row, stream, ask));
    this.#renderPublishing(streams.length, places);
    document.body.classList.toggle('is-live', streams.length > 0);
    const viewers = streams.reduce((sum, stream) => sum + (stream.players ?? 0), 0);
    setText(byId('census'), `${streams.length} live, ${counted(viewers, 'viewer')}`);
  }

  /** What went wrong with the list; '' when nothing did. */
  renderOutage(text) {
    setText(byId('outage'), text);
    byId('outage').hidden = text === '';
    byId('outage').closest('nav').classList.toggle('is-old', text !== '');
  }

  /** Open while the list is empty, for then it is what the visitor needs; later it waits below. */
  #renderPublishing(count, places) {
    if (this.#count !== count && !(this.#count > 0 && count > 0))
      byId('publishing').open = count === 0;
    this.#count = count;
    byId('publishing').hidden = false;
    setText(byId('list-title'), count > 0 ? 'Live now' : 'Nobody publishes yet');
    const ways = waysToPublish(places);
    if (this.#published === ways[0].text)
      return;
    this.#published = ways[0].text;
    byId('publish').replaceChildren(...ways.map(copyRow));
  }
}

function makeRow() {
  const cells = ['name', 'codecs', 'picture', 'rate', 'viewers', 'since'];
  return element('li', {},
    element('a', {}, ...cells.map((cell) => element('span', { class: cell }))));
}

function updateRow(row, stream, ask) {
  const link = row.firstElementChild;
  const [name, codecs, picture, rate, viewers, since] = link.children;
  if (name.textContent !== stream.key)
    name.replaceChildren(element('span', {}, `${stream.app}/`), stream.name);
  setText(codecs, codecsOf(stream));
  setText(picture, pictureOf(stream));
  setText(rate, stream.kbps ? bitrate(stream.kbps) : '');
  setText(viewers, stream.players === null ? '' : counted(stream.players, 'viewer'));
  setText(since, stream.seconds === null ? '' : `for ${duration(stream.seconds)}`);

  const address = writeAsk({ ...ask, stream: stream.key });
  if (link.getAttribute('href') !== address)
    link.setAttribute('href', address);
  if (stream.key === ask.stream)
    link.setAttribute('aria-current', 'true');
  else
    link.removeAttribute('aria-current');
}

function codecsOf(stream) {
  return [stream.video, stream.audio].filter(Boolean).map(nameOf).join(' · ');
}

function pictureOf(stream) {
  return [size(stream.width, stream.height), stream.fps ? frameRate(stream.fps) : '']
    .filter(Boolean).join(' · ');
}

/** "H.264 · AAC · 1280 × 720 · 25 fps" */
export function factsOf(stream) {
  return [codecsOf(stream), pictureOf(stream)].filter(Boolean).join(' · ');
}
