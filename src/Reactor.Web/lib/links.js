// What to paste into which program, to watch or to publish without this page.

/**
 * @param {object} places from placesOf
 * @param {object} stream
 * @param {string} query parameters that the server wants with every request, or ''
 */
export function linksTo(places, stream, query = '') {
  const rtmp = places.rtmp(stream, query);
  const links = [
    { name: 'ffplay', text: `ffplay -fflags nobuffer -flags low_delay ${quoted(rtmp)}` },
    { name: 'VLC', text: places.flv(stream, query), hint: 'Media, Open Network Stream' },
    { name: 'OBS', text: rtmp, hint: 'Media Source, Local File off, as Input' },
  ];
  if (!places.hlsIsOff && !stream.waysOff?.includes('hls'))
    links.push({ name: 'HLS', text: places.hls(stream, query), hint: 'phones, televisions' });
  return links;
}

/** How to publish to this server, for somebody who sees an empty list. */
export function waysToPublish(places) {
  const url = places.rtmp({ app: 'live', name: 'a' });
  const server = url.slice(0, url.lastIndexOf('/'));
  return [
    { name: 'ffmpeg', text: `ffmpeg -re -i film.mp4 -c copy -f flv ${url}` },
    { name: 'OBS server', text: server, hint: 'Settings, Stream, Custom' },
    { name: 'OBS key', text: 'a' },
  ];
}

/** As one word of a shell. */
function quoted(text) {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
