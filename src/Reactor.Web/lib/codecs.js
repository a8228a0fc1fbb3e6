// What each way to play can carry, and what this browser can decode. Asked before playing, so that
// the page names the cause instead of showing a black picture.

/** Under a type string that stands for the usual profile; browsers answer by codec anyway. */
const CODECS = {
  H264: { type: 'video/mp4; codecs="avc1.64001f"', name: 'H.264' },
  HEVC: { type: 'video/mp4; codecs="hvc1.1.6.L93.B0"', name: 'H.265 (HEVC)' },
  AV1: { type: 'video/mp4; codecs="av01.0.05M.08"', name: 'AV1' },
  VP9: { type: 'video/mp4; codecs="vp09.00.40.08"', name: 'VP9' },
  VP8: { type: 'video/webm; codecs="vp8"', name: 'VP8' },
  AAC: { type: 'audio/mp4; codecs="mp4a.40.2"', name: 'AAC' },
  MP3: { type: 'audio/mpeg', name: 'MP3' },
  OPUS: { type: 'audio/mp4; codecs="opus"', name: 'Opus' },
  FLAC: { type: 'audio/mp4; codecs="flac"', name: 'FLAC' },
  AC3: { type: 'audio/mp4; codecs="ac-3"', name: 'AC-3' },
  EAC3: { type: 'audio/mp4; codecs="ec-3"', name: 'E-AC-3' },
  SPEEX: { type: '', name: 'Speex' },
  PCMA: { type: '', name: 'G.711' },
  PCMU: { type: '', name: 'G.711' },
};

const SPELLINGS = {
  AVC: 'H264', AVC1: 'H264', 'H.264': 'H264',
  H265: 'HEVC', 'H.265': 'HEVC', HVC1: 'HEVC', HEV1: 'HEVC',
  AV01: 'AV1', VP09: 'VP9', VP08: 'VP8', MP4A: 'AAC', '.MP3': 'MP3',
};

/** By mpegts.js for FLV and hls.js (light) for TS; Safari's own HLS does more, and MP4 all. */
const CARRIES = {
  flv: ['H264', 'HEVC', 'AV1', 'AAC', 'MP3', 'OPUS', 'FLAC'],
  hls: ['H264', 'AAC', 'MP3'],
  native: ['H264', 'HEVC', 'AAC', 'MP3'],
  mp4: ['H264', 'HEVC', 'AV1', 'VP9', 'AAC', 'MP3', 'OPUS', 'FLAC', 'AC3', 'EAC3'],
};

/** "avc1" → "H264". What nobody knows stays as it is, in capitals. */
export function codecOf(spelling) {
  const upper = spelling.toUpperCase();
  return SPELLINGS[upper] ?? upper;
}

/** A codec's name as people write it: "hvc1" → "H.265 (HEVC)". */
export function nameOf(spelling) {
  return CODECS[codecOf(spelling)]?.name ?? spelling;
}

/**
 * What the browser can do, asked once.
 * @param {Window} window
 */
export function abilitiesOf(window) {
  const MediaSource = window.MediaSource ?? window.ManagedMediaSource;
  const video = window.document.createElement('video');
  // Others play HLS by themselves too, but tell nothing about latency; Safari can do no better.
  const isSafari = 'webkitSetPresentationMode' in video;
  const playsHls = video.canPlayType('application/vnd.apple.mpegurl') !== '';
  return {
    mediaSource: MediaSource !== undefined,
    nativeHls: playsHls && (isSafari || MediaSource === undefined),
    decodes: (type) => MediaSource
      ? MediaSource.isTypeSupported(type)
      : video.canPlayType(type) !== '',
  };
}

/**
 * Why this stream cannot be played this way in this browser; null when nothing speaks against it.
 * @returns {null | { why: string, what: string }} the cause, and what to do about it
 */
export function obstacle(stream, via, abilities) {
  const isNative = via === 'hls' && abilities.nativeHls;
  if (!abilities.mediaSource && !isNative)
    return via !== 'hls' && abilities.nativeHls
      ? { why: 'This browser plays HLS only.', what: 'Choose HLS above.' }
      : { why: 'This browser cannot play live streams.', what: 'Open one of the links below.' };

  const carried = carriedBy(via, stream, isNative);
  for (const codec of [stream.video, stream.audio].filter(Boolean).map(codecOf)) {
    const known = CODECS[codec];
    if (known === undefined)
      continue;         // a spelling of tomorrow: trying tells more than guessing
    if (known.type === '' || !abilities.decodes(known.type))
      return {
        why: `This browser cannot decode ${known.name}.`,
        what: codec === 'HEVC'
          ? 'Safari can, and Chrome or Edge where the graphics card helps. VLC plays it anywhere.'
          : 'Another browser may; VLC plays it anywhere.',
      };
    if (!carried.includes(codec))
      return {
        why: `${known.name} does not go through ${via === 'hls' ? 'HLS' : 'FLV'} here.`,
        what: CARRIES.flv.includes(codec) ? 'Choose FLV above.'
          : carriedBy('hls', stream, isNative).includes(codec) ? 'Choose HLS above.'
          : 'VLC plays it by RTMP.',
      };
  }
  return null;
}

function carriedBy(via, stream, isNative) {
  if (via !== 'hls')
    return CARRIES.flv;
  return stream.hlsIsMp4 ? CARRIES.mp4 : isNative ? CARRIES.native : CARRIES.hls;
}

/**
 * The first way without an obstacle; FLV has the lowest latency. The last resort is HLS.
 * @param {string[]} waysOff by which the server does not serve it
 */
export function bestWay(stream, abilities, waysOff) {
  return ['flv', 'ws', 'hls']
    .filter((via) => !waysOff.includes(via))
    .find((via) => obstacle(stream, via, abilities) === null)
    ?? (abilities.mediaSource ? 'flv' : 'hls');
}
