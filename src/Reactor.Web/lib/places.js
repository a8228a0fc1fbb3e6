// Where a server serves what. The page knows its own address; the rest is told by
// GET /api/v1/player, and what is not told is as with an empty configuration.

const RTMP_PORT = 1935;
const RTMPS_PORT = 443;
const HLS_PORT = 7002;

/**
 * @param {string} pageUrl the page's own address
 * @param {string} server another server's address, or '' for the one that the page came from
 * @param {object} told the answer to /api/v1/player, or {} while there is none:
 *   { rtmp_port, rtmps_port, flv: { port, tls_port }, hls: the same or null,
 *     here: ["flv", "player"], version }
 */
export function placesOf(pageUrl, server, told = {}) {
  const base = baseOf(pageUrl, server);
  const here = Array.isArray(told.here) ? told.here : [];
  const isSecure = base.protocol === 'https:';

  // Behind a proxy the server's ports mean nothing to a browser, so what the answering listener
  // serves itself is asked for where the answer came from. A page by TLS may fetch only by TLS.
  function originOf(role, usualPort) {
    const [port, tlsPort] = [portOf(told[role]?.port), portOf(told[role]?.tls_port)];
    if (here.includes(role))
      return base.origin;
    if (tlsPort !== 0 && (isSecure || port === 0))
      return `https://${base.hostname}:${tlsPort}`;
    if (port !== 0)
      return `http://${base.hostname}:${port}`;
    return usualPort === 0 ? base.origin : `${base.protocol}//${base.hostname}:${usualPort}`;
  }

  const hostAt = (port, usualPort) =>
    port === usualPort ? base.hostname : `${base.hostname}:${port}`;

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
      const [port, tlsPort] = [portOf(told.rtmp_port), portOf(told.rtmps_port)];
      const path = escapePath(`${stream.app}/${stream.name}`);
      const url = tlsPort !== 0 && (isSecure || port === 0)
        ? `rtmps://${hostAt(tlsPort, RTMPS_PORT)}/${path}`
        : `rtmp://${hostAt(port || RTMP_PORT, RTMP_PORT)}/${path}`;
      return withQuery(url, query);
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
