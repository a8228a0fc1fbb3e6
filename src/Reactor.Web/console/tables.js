// The streams and the clients, a row each; a row keeps its nodes as long as it is there.

import { nameOf } from '../lib/codecs.js';
import { byId, element, setText, syncChildren } from '../lib/dom.js';
import {
  bitrate, bytes, count, duration, frameRate, latency, milliseconds, size,
} from '../lib/format.js';
import { kickButton } from './kick.js';

const LAG_BAD_MS = 1000;

/**
 * @param {object[]} streams those who are shown
 * @param {number} total how many there are
 * @param {(id: string) => Promise<void>} kick
 */
export function renderStreams(streams, total, kick) {
  syncChildren(byId('streams'), streams, (stream) => stream.key,
    (stream) => makeRow(['long', '', '', '', 'number', 'number', 'number', ''],
      stream.publisher && kickButton(`Kick the publisher of ${stream.key}`,
        () => kick(stream.publisher))),
    (row, stream) => fill(row, [
      stream.key,
      stream.address,
      [stream.video, stream.audio].filter(Boolean).map(nameOf).join(' · '),
      [size(stream.width, stream.height), stream.fps ? frameRate(stream.fps) : '',
        stream.gop ? `GOP ${latency(stream.gop)}` : ''].filter(Boolean).join(' · '),
      bitrate(stream.kbps),
      count(stream.players),
      duration(stream.seconds),
    ]));
  const rest = byId('no-streams');
  rest.hidden = streams.length > 0 && streams.length === total;
  setText(rest, streams.length > 0
    ? `${count(streams.length)} of ${count(total)} are shown.` : 'Nobody publishes.');
}

/**
 * @param {object[]} clients those who are shown
 * @param {number} total how many the filter has found
 * @param {(id: string) => Promise<void>} kick
 */
export function renderClients(clients, total, kick) {
  syncChildren(byId('clients'), clients, (client) => client.id,
    (client) => makeRow(
      ['', '', '', 'long', 'number', 'number', 'number', 'number', 'number', ''],
      kickButton(`Kick ${client.role} ${client.address}`, () => kick(client.id))),
    (row, client) => {
      fill(row, [
        client.id,
        [client.role, client.protocol.toUpperCase()].filter(Boolean).join(' · '),
        client.address,
        client.stream,
        duration(client.seconds),
        bytes(client.bytesIn),
        bytes(client.bytesOut),
        client.lagMs === null ? '' : milliseconds(client.lagMs),
        client.dropped === null ? '' : count(client.dropped),
      ]);
      row.children[2].title = client.agent;
      row.children[7].classList.toggle('is-bad', client.lagMs > LAG_BAD_MS);
      row.children[8].classList.toggle('is-bad', client.dropped > 0);
    });
  const rest = byId('no-clients');
  rest.hidden = clients.length > 0 && clients.length === total;
  setText(rest, clients.length > 0
    ? `${count(clients.length)} of ${count(total)} are shown: filter to find one.`
    : byId('filter').value ? 'No client fits the filter.' : 'Nobody is connected.');
}

function makeRow(classes, button) {
  const cells = classes.map((name) => element('td', { class: name || null }));
  if (button)
    cells.at(-1).append(button);
  return element('tr', {}, ...cells);
}

function fill(row, texts) {
  texts.forEach((text, index) => setText(row.children[index], text));
}
