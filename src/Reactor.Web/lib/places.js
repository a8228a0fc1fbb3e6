// Where a server serves what. The page knows its own address; the rest is told by
// GET /api/v1/player, and what is not told is as with an empty configuration.

const RTMP_PORT = 1935;
const HLS_PORT = 7002;

/**
 * @param {string} pageUrl the page's own address
 * @param {string} server another server's address, or '' for the one that the page came from
 * @param {object} told the answer to /api/v1/player, or {} while there is none:
 *   { rtmp_port, flv: { port }, hls: { port } or null, here: ["flv", "player"], version }
 */
export function placesOf(pageUrl, server, told = {}) {
  const base = baseOf(pageUrl, server);
  const here = Array.isArray(told.here) ? told.here : [];

  // Behind a proxy the server's ports mean nothing to a browser, so what the answering listener
  // serves itself is asked for where the answer came from.
  function originOf(role, usualPort) {
    const port = portOf(told[role]?.port) || usualPort;
    return here.includes(role) || port === 0
      ? base.origin
      : `${base.protocol}//${base.hostname}:${port}`;
  }

  const flvUrl = (stream, path, query) =>
    mediaUrl(path, originOf('flv', 0), stream, '.flv', query);

  return {
    api: base.origin,
    host: base.host,
    version: typeof told.version === 'string' ? told.version : '',

    /** True when the server said that it makes no HLS. */
    hlsIsOff: told.hls === null,

    flv: (stream, query) => flvUrl(stream, stream.flv, query),
    ws: (stream, query) =>
      flvUrl(stream, stream.ws || stream.flv, query).replace(/^http/, 'ws'),
    hls: (stream, query) =>
      mediaUrl(stream.hls, originOf('hls', HLS_PORT), stream, '.m3u8', query),

    rtmp(stream, query) {
      const port = portOf(told.rtmp_port) || RTMP_PORT;
      const host = port === RTMP_PORT ? base.hostname : `${base.hostname}:${port}`;
      return withQuery(`rtmp://${host}/${escapePath(`${stream.app}/${stream.name}`)}`, query);
    },
  };
}

/** The server's address; one that makes no sense is the page's own. */
function baseOf(pageUrl, server) {
  const page = new URL(pageUrl);
  const text = /^[a-z]+:\/\//i.test(server) ? server : `${page.protocol}//${server}`;
  const base = server === '' ? null : parse(text);
  return base !== null && isHttp(base) ? base : page;
}

function mediaUrl(told, origin, stream, ending, query) {
  const url = told ? parse(told.replace(/^ws(s?):/, 'http$1:'), origin) : null;
  const path = escapePath(`${stream.app}/${stream.name}`);
  return withQuery(url !== null && isHttp(url) ? url.href : `${origin}/${path}${ending}`, query);
}

/** Each segment is escaped by itself: an app may have several, and a name may hold anything. */
function escapePath(path) {
  return path.split('/').map(encodeURIComponent).join('/');
}

function withQuery(url, query) {
  return query ? `${url}${url.includes('?') ? '&' : '?'}${query}` : url;
}

function parse(text, origin) {
  try {
    return new URL(text, origin);
  } catch {
    return null;
  }
}

function isHttp(url) {
  return url.protocol === 'http:' || url.protocol === 'https:';
}

function portOf(value) {
  return Number.isInteger(value) && value > 0 && value < 65536 ? value : 0;
}
