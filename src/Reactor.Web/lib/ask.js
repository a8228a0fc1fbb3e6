// What the address of the page asks for, as in /?stream=live/a&via=flv. Whatever else stands there
// (a token, a signature) is meant for the server and goes along with every request for media.

export const WAYS = ['flv', 'ws', 'hls'];

const OURS = ['stream', 'via', 'server', 'embed', 'muted'];

/**
 * Reads the query of the page's address.
 * @param {string} query with or without its question mark
 */
export function readAsk(query) {
  const given = new URLSearchParams(query);
  const rest = new URLSearchParams([...given].filter(([name]) => !OURS.includes(name)));
  const via = given.get('via');
  return {
    stream: trimSlashes(given.get('stream') ?? ''),
    via: WAYS.includes(via) ? via : '',
    server: given.get('server') ?? '',
    embed: isOn(given.get('embed')),
    muted: isOn(given.get('muted')),
    passOn: rest.toString(),
  };
}

/**
 * The query for a page that asks for this; slashes stay readable, for people share these links.
 * @returns {string} with its question mark, or '' when nothing is asked for
 */
export function writeAsk(ask) {
  const pairs = [];
  if (ask.stream)
    pairs.push(['stream', ask.stream]);
  if (ask.via)
    pairs.push(['via', ask.via]);
  if (ask.server)
    pairs.push(['server', ask.server]);
  if (ask.embed)
    pairs.push(['embed', '1']);
  if (ask.muted)
    pairs.push(['muted', '1']);
  const parts = pairs.map(([name, value]) =>
    `${name}=${encodeURIComponent(value).replaceAll('%2F', '/').replaceAll('%3A', ':')}`);
  if (ask.passOn)
    parts.push(ask.passOn);
  return parts.length > 0 ? `?${parts.join('&')}` : '';
}

function isOn(value) {
  return value !== null && value !== '0' && value !== 'false';
}

function trimSlashes(text) {
  return text.replace(/^\/+|\/+$/g, '');
}
