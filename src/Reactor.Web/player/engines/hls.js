// HLS through hls.js, for browsers that do not play it by themselves.

import Hls from 'hls.js/light';
import { tellStatus } from './status.js';

const CONFIG = {
  enableWorker: false,            // a worker from a blob needs a looser content security policy
  maxLiveSyncPlaybackRate: 1.1,
  lowLatencyMode: true,           // parts, where the server has them
  backBufferLength: 15,
  maxBufferLength: 20,
};

// Behind the edge; hls.js moves away when it stalls. Given to the constructor it would go before
// what a playlist of low latency says itself.
const SEGMENTS_BEHIND = 2;

/**
 * @param {HTMLVideoElement} video
 * @param {string} url of a playlist
 * @param {object} on lost(why), nobody(), refused(why, what), unplayable(why, what)
 */
export function open(video, url, on) {
  const hls = new Hls(CONFIG);
  hls.config.liveSyncDurationCount = SEGMENTS_BEHIND;
  let recovered = false;
  hls.on(Hls.Events.ERROR, (_, error) => {
    if (!error.fatal)
      return;
    if (error.type === Hls.ErrorTypes.MEDIA_ERROR && !recovered) {
      recovered = true;
      hls.recoverMediaError();
    } else {
      tell(on, error);
    }
  });
  hls.attachMedia(video);
  hls.loadSource(url);

  return {
    keepsPace: true,
    latency: () => (Number.isFinite(hls.latency) && hls.latency > 0 ? hls.latency : null),
    target: () => hls.targetLatency,
    liveTime: () => hls.liveSyncPosition,
    close: () => hls.destroy(),
  };
}

const UNPLAYABLE = [
  Hls.ErrorDetails.MANIFEST_INCOMPATIBLE_CODECS_ERROR,
  Hls.ErrorDetails.BUFFER_ADD_CODEC_ERROR,
  Hls.ErrorDetails.BUFFER_INCOMPATIBLE_CODECS_ERROR,
];

function tell(on, error) {
  const status = error.response?.code;
  if (UNPLAYABLE.includes(error.details))
    on.unplayable('This browser cannot decode the stream', error.error?.message);
  else if (error.type === Hls.ErrorTypes.NETWORK_ERROR && status >= 400)
    tellStatus(on, status);
  else if (error.type === Hls.ErrorTypes.NETWORK_ERROR)
    on.lost('The server does not answer');
  else
    on.lost('The stream could not be read');
}
