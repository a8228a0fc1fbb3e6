// The list of live streams as the page uses it, read from whatever a server answers: a field that
// is missing or of another type becomes null or '', never an error.

import { WAYS } from './ask.js';

/**
 * Reads GET /api/v1/streams, or the older GET /streams, which knows names only.
 * @returns {Array<object>} by key; each has key, app, name, video, audio, width, height, fps, kbps,
 *   players, seconds, publisher (its client's id, or ''), bytesIn, where told, flv, ws and hls,
 *   hlsIsMp4, and waysOff: by which it cannot be played
 */
export function readStreams(json) {
  const list = json?.streams ?? json?.publishers;
  if (!Array.isArray(list))
    return [];
  const streams = list.map(readStream).filter((stream) => stream !== null);
  return streams.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
}

function readStream(entry) {
  const key = text(entry?.key);
  const cut = key.lastIndexOf('/');
  const app = text(entry?.app) || key.slice(0, Math.max(cut, 0));
  const name = text(entry?.name) || key.slice(cut + 1);
  if (app === '' || name === '' || entry.live === false)
    return null;
  return {
    key: `${app}/${name}`,
    app,
    name,
    video: text(entry.codecs?.video),
    audio: text(entry.codecs?.audio),
    width: number(entry.width),
    height: number(entry.height),
    fps: number(entry.fps),
    kbps: number(entry.bitrate_kbps),
    gop: number(entry.gop_seconds),
    players: number(entry.players),
    seconds: number(entry.seconds),
    publisher: idOf(entry.publisher?.id ?? entry.publisher ?? entry.id),
    address: text(entry.publisher?.address),
    bytesIn: number(entry.bytes_in),
    flv: text(entry.flv),
    ws: text(entry.ws),
    hls: text(entry.hls),
    hlsIsMp4: entry.hls_container === 'mp4',
    waysOff: WAYS.filter((via) => entry[via] === null),
  };
}

/** A stream of which nothing but its name is known, as in a link that somebody was sent. */
export function streamNamed(key) {
  const [stream] = readStreams({ streams: [{ key: key.includes('/') ? key : `live/${key}` }] });
  return stream ?? null;
}

/** Reads GET /api/v1/clients, in the order of the answer. */
export function readClients(json) {
  if (!Array.isArray(json?.clients))
    return [];
  return json.clients
    .filter((client) => client !== null && typeof client === 'object')
    .map((client) => ({
      id: idOf(client.id),
      role: text(client.role),
      protocol: text(client.protocol),
      address: text(client.address),
      stream: text(client.stream)
        || [text(client.app), text(client.name)].filter(Boolean).join('/'),
      agent: text(client.agent),
      seconds: number(client.seconds),
      bytesIn: number(client.bytes_in),
      bytesOut: number(client.bytes_out),
      lagMs: number(client.lag_ms),
      dropped: number(client.dropped),
    }));
}

/** Reads GET /api/v1/server. */
export function readServer(json) {
  return {
    version: text(json?.version),
    uptime: number(json?.uptime_seconds),
    rtmp: connectionsOf(json, (kind) => kind.startsWith('rtmp')),
    http: connectionsOf(json, (kind) => !kind.startsWith('rtmp')),
    publishers: number(json?.publishers),
    players: number(json?.players),
    bytesIn: number(json?.bytes_in),
    bytesOut: number(json?.bytes_out),
    mediaBytes: number(json?.memory?.media_bytes),
    rssBytes: number(json?.memory?.rss_bytes),
    turns: number(json?.loop?.turns),
    busy: number(json?.loop?.busy_share),
    turnMs: number(json?.loop?.turn_ms_p99),
  };
}

/** Kinds are what the server calls them: rtmp, rtmps, http, flv, ws. */
function connectionsOf(json, isMeant) {
  const all = Object.entries(json?.connections ?? {})
    .filter(([kind, count]) => isMeant(kind) && number(count) !== null);
  return json?.connections ? all.reduce((sum, [, count]) => sum + count, 0) : null;
}

function text(value) {
  return typeof value === 'string' ? value : '';
}

function number(value) {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null;
}

function idOf(value) {
  return typeof value === 'string' || Number.isFinite(value) ? String(value) : '';
}
