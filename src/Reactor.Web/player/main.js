// The player page: what its address asks for, what the server has, and what is on screen.

import { WAYS, readAsk, writeAsk } from '../lib/ask.js';
import { abilitiesOf, bestWay, obstacle } from '../lib/codecs.js';
import { byId, copyRow, setText } from '../lib/dom.js';
import { Feed, Refused, ask as request } from '../lib/feed.js';
import { Rate } from '../lib/history.js';
import { linksTo } from '../lib/links.js';
import { placesOf } from '../lib/places.js';
import { readStreams, streamNamed } from '../lib/streams.js';
import { Instruments } from './instruments.js';
import { Stage } from './stage.js';
import { StreamList, factsOf } from './stream-list.js';
import { Watching } from './watching.js';

const LIST_MS = 2000;
const DRAW_MS = 250;

const abilities = abilitiesOf(window);
let ask = readAsk(location.search);
let told = {};                  // the answer to /api/v1/player, once there is one
let isTold = false;
let places = findPlaces();
let hasApi = true;
let streams = [];
let rates = new Map();          // of bytes that come in, by stream
let isListed = false;           // the list was read at least once
let shown = '';                 // links and title that are on the page
let playing = null;             // { key, via } of what was started

const instruments = new Instruments();
const watching = new Watching(byId('video'), abilities, (state) => {
  if (state.name === 'stalled')
    instruments.stopped();
  stage.render(performance.now());
  if (state.name === 'retrying' || state.name === 'absent')
    feed.now();                 // whether it is still in the list decides what to hope for
});
const stage = new Stage(watching, (via) => go({ ...ask, via }));
const list = new StreamList((stream) => {
  go({ ...ask, stream });
  byId('play').focus({ preventScroll: true });
});
const feed = new Feed(readList, LIST_MS, (error, waitMs) => {
  const why = error instanceof Refused ? error.message : `${places.host} does not answer`;
  const hint = places.api !== location.origin && !isListed
    ? ' Does it run, and does it allow other origins (http.cors)?' : '';
  list.renderOutage(`${why}. Next attempt in ${Math.ceil(waitMs / 1000)} s.${hint}`);
});

start();

function start() {
  document.body.classList.toggle('is-embedded', ask.embed);
  byId('video').muted = ask.muted;
  byId('home').addEventListener('click', (event) => {
    event.preventDefault();
    go({ ...ask, stream: '', via: '' });
  });
  window.addEventListener('popstate', () => {
    ask = readAsk(location.search);
    update();
  });
  setInterval(draw, DRAW_MS);
  feed.now();
}

/** Another stream or another way: the address follows, so that a reload shows the same. */
function go(wanted) {
  ask = wanted;
  history.pushState(null, '', writeAsk(ask) || location.pathname);
  update();
  if (ask.stream)
    window.scrollTo(0, 0);
}

async function readList() {
  if (!isTold) {
    told = await optional(`${places.api}/api/v1/player`);
    isTold = true;
    places = findPlaces();
  }
  const answer = await askForStreams();
  const before = streams;
  streams = measured(readStreams(answer));
  isListed = true;
  list.renderOutage('');

  const has = (all) => all.some((stream) => stream.key === ask.stream);
  watching.isLive = has(streams);
  update();
  if (has(streams) && !has(before))
    watching.appeared();
}

/** Where the API is not served, the older list is: names only. */
async function askForStreams() {
  const answer = hasApi ? await optional(`${places.api}/api/v1/streams`) : null;
  hasApi = answer !== null;
  return answer ?? request(`${places.api}/streams`);
}

/** Where the server counts bytes and does not divide, we do. */
function measured(list) {
  const now = performance.now();
  const before = rates;
  rates = new Map(list.map(({ key }) => [key, before.get(key) ?? new Rate()]));
  return list.map((stream) => {
    const bytes = rates.get(stream.key).next(now, stream.bytesIn);
    return { ...stream, kbps: stream.kbps ?? (bytes === null ? null : bytes * 8 / 1000) };
  });
}

/** Null where the server does not know the question: an older one, or a listener without it. */
async function optional(url) {
  try {
    return await request(url);
  } catch (error) {
    if (error instanceof Refused && error.status === 404)
      return null;
    throw error;
  }
}

function findPlaces() {
  const configured = document.querySelector('meta[name=reactor-server]')?.content ?? '';
  return placesOf(location.href, ask.server || configured, told ?? {});
}

function update() {
  setText(byId('host'), places.host);
  setText(byId('version'), places.version ? `Reactor ${places.version}` : '');
  if (isListed)
    list.render(streams, ask, places);
  const isWatching = ask.stream !== '';
  document.body.classList.toggle('is-watching', isWatching);
  byId('watch').hidden = !isWatching;
  document.title = isWatching ? `${ask.stream} – Reactor` : 'Reactor';
  if (isWatching && isListed)
    watch(streams.find((stream) => stream.key === ask.stream) ?? streamNamed(ask.stream));
  else
    stop();
}

function watch(stream) {
  const via = ask.via || (playing?.key === stream.key ? playing.via
    : bestWay(stream, abilities, waysOff(stream)));
  setText(byId('title'), stream.key);
  setText(byId('facts'), factsOf(stream));
  renderLinks(stream);
  stage.show(stream, via, waysBlocked(stream));
  if (playing?.key === stream.key && playing.via === via)
    return;
  playing = { key: stream.key, via };
  instruments.reset();
  watching.watch({ key: stream.key, via, url: places[via](stream, ask.passOn) });
  const known = obstacle(stream, via, abilities);
  if (known !== null)
    watching.unplayable(known);
}

/** By which the server does not serve it. */
function waysOff(stream) {
  return places.hlsIsOff ? [...stream.waysOff, 'hls'] : stream.waysOff;
}

/** And by which this browser does not play it. */
function waysBlocked(stream) {
  return WAYS.filter((via) =>
    waysOff(stream).includes(via) || obstacle(stream, via, abilities) !== null);
}

function stop() {
  if (playing !== null)
    watching.leave();
  playing = null;
}

function renderLinks(stream) {
  const links = linksTo(places, stream, ask.passOn);
  const all = JSON.stringify(links);
  if (shown === all)
    return;
  shown = all;
  byId('links').replaceChildren(...links.map(copyRow));
}

function draw() {
  if (playing === null || document.hidden)
    return;
  const now = performance.now();
  const measures = watching.measure();
  const stream = streams.find(({ key }) => key === playing.key);
  instruments.render(now, measures, stream?.kbps ?? null);
  stage.renderEdge(measures);
  stage.render(now);
}
