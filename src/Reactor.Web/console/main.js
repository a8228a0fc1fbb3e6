// The console: asks the server every two seconds how it is, and keeps the last minutes itself.

import { byId, setText } from '../lib/dom.js';
import { Feed, Refused, ask as request } from '../lib/feed.js';
import { bitrate, bytes, count, duration, milliseconds, share } from '../lib/format.js';
import { History, Rate } from '../lib/history.js';
import { readClients, readServer, readStreams } from '../lib/streams.js';
import { Chart } from './chart.js';
import { renderClients, renderStreams } from './tables.js';
import { Token } from './token.js';

const EVERY_MS = 2000;
const SPAN_MS = 5 * 60000;
const MIB = 1024 * 1024;
const ROWS_MAX = 200;           // more than anybody reads; the filter finds the rest
const CALM_S = 4;               // one breath of the mark while the loop is idle
const HASTE_S = 0.8;            // and while it is always busy

const history = new History(SPAN_MS);
const rates = { in: new Rate(), out: new Rate() };
const token = new Token(() => feed.now());
let said = '';                  // what came of the last kick, until the next answer

const kbit = (value) => bitrate(value);
const charts = [
  new Chart('Traffic', history, [
    { name: 'out', label: 'out', format: kbit }, { name: 'in', label: 'in', format: kbit }], 100),
  new Chart('Audience', history, [
    { name: 'players', label: 'players', format: count },
    { name: 'publishers', label: 'publishers', format: count }], 5),
  new Chart('Connections', history, [
    { name: 'http', label: 'HTTP', format: count },
    { name: 'rtmp', label: 'RTMP', format: count }], 5),
  new Chart('Loop', history, [{ name: 'busy', label: 'busy', format: share }], 0.1),
  new Chart('Turn, 99th percentile', history, [
    { name: 'turnMs', label: '', format: milliseconds }], 1),
  new Chart('Memory', history, [
    { name: 'rssBytes', label: 'process', format: bytes },
    { name: 'mediaBytes', label: 'media', format: bytes }], 16 * MIB, MIB),
];

const feed = new Feed(readAll, EVERY_MS, (error, waitMs) => {
  if (wantsToken(error) && !token.isSet)
    token.ask();
  renderOutage(`${whyOf(error)}. Next attempt in ${Math.ceil(waitMs / 1000)} s.`);
});

byId('charts').append(...charts.map((chart) => chart.node));
byId('filter').addEventListener('input', () => feed.now());
setText(byId('host'), location.host);
document.body.classList.add('is-live');
window.addEventListener('resize', draw);
feed.now();

async function readAll() {
  const get = (path) => request(`${location.origin}/api/v1/${path}`, { headers: token.headers });
  const some = new URLSearchParams({ limit: ROWS_MAX, match: byId('filter').value });
  const [server, streams, clients] = await Promise.all(
    [get('server'), get(`streams?limit=${ROWS_MAX}`), get(`clients?${some}`)]);
  renderOutage(said);
  said = '';
  renderServer(readServer(server));
  renderStreams(readStreams(streams), streams.total, kick);
  renderClients(readClients(clients), clients.total, kick);
  draw();
}

function renderServer(server) {
  const now = performance.now();
  const perSecond = (rate, total) => {
    const value = rate.next(now, total);
    return value === null ? null : value * 8 / 1000;
  };
  history.add(now, {
    ...server,
    in: perSecond(rates.in, server.bytesIn),
    out: perSecond(rates.out, server.bytesOut),
  });
  setText(byId('up'), server.uptime === null ? '' : `up ${duration(server.uptime)}`);
  setText(byId('version'), server.version && `Reactor ${server.version}`);
  const breath = CALM_S - (CALM_S - HASTE_S) * Math.min(1, server.busy ?? 0);
  byId('core').style.setProperty('--breath', `${breath.toFixed(2)}s`);
}

function draw() {
  const now = performance.now();
  for (const chart of charts)
    chart.draw(now);
}

/** Ends a client's connection; whoever is kicked may come back, unless the server forbids it. */
async function kick(id) {
  const url = `${location.origin}/api/v1/clients/${encodeURIComponent(id)}`;
  try {
    await request(url, { method: 'DELETE', headers: token.headers });
  } catch (error) {
    said = `${id} was not kicked. ${whyOf(error)}.`;
    renderOutage(said);
    if (wantsToken(error))
      token.ask();
  }
  feed.now();
}

function whyOf(error) {
  return error instanceof Refused ? error.message : `${location.host} does not answer`;
}

/** A server may refuse for other reasons, too: by address, or by the name it was called. */
function wantsToken(error) {
  return error.status === 401 || (error.status === 403 && /token|^$/i.test(error.reason));
}

function renderOutage(text) {
  setText(byId('outage'), text);
  byId('outage').hidden = text === '';
  byId('main').classList.toggle('is-old', text !== '' && text !== said);
}
