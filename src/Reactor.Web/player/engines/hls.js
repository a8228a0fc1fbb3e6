// HLS through hls.js, for browsers that do not play it by themselves.

import Hls from 'hls.js/light';
import { tellStatus } from './status.js';

const CONFIG = {
  enableWorker: false,            // a worker from a blob needs a looser content security policy
  liveSyncDurationCount: 2,       // segments behind the edge; hls.js moves away when it stalls
  maxLiveSyncPlaybackRate: 1.1,
  lowLatencyMode: true,           // parts, where the server has them
  backBufferLength: 15,
  maxBufferLength: 20,
};

/**
 * @param {HTMLVideoElement} video
 * @param {string} url of a playlist
 * @param {object} on lost(why), nobody(), refused(why, what), unplayable(why, what)
 */
export function open(video, url, on) {
  const config = { ...CONFIG };
  const hls = new Hls(config);
  let recovered = false;
  // A playlist of low latency says itself how far behind its end to play.
  hls.once(Hls.Events.LEVEL_LOADED, (_, { details }) => {
    if (details.canBlockReload)
      delete config.liveSyncDurationCount;
  });
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
