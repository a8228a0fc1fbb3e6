// FLV by HTTP or WebSocket, through mpegts.js into Media Source Extensions.

import mpegts from 'mpegts.js';
import { tellStatus } from './status.js';

const { ErrorTypes, ErrorDetails, Events } = mpegts;

const CONFIG = {
  isLive: true,
  enableStashBuffer: false,       // what has come is shown; lib/pace.js keeps the distance
  lazyLoad: false,
  deferLoadAfterSourceOpen: false,
  autoCleanupSourceBuffer: true,
  autoCleanupMaxBackwardDuration: 30,
  autoCleanupMinBackwardDuration: 15,
};

/**
 * @param {HTMLVideoElement} video
 * @param {string} url http(s) or ws(s)
 * @param {object} on lost(why), nobody(), refused(why, what), unplayable(why, what)
 * @returns {{ close(): void }}
 */
export function open(video, url, on) {
  mpegts.LoggingControl.applyConfig({
    enableVerbose: false, enableDebug: false, enableInfo: false, enableWarn: false,
  });
  const player = mpegts.createPlayer({ type: 'flv', isLive: true, url }, CONFIG);
  let heard = false;
  player.on(Events.MEDIA_INFO, () => { heard = true; });
  // Who hears it closes the player, which must not happen while the player is still telling.
  const later = (told) => setTimeout(told, 0);
  player.on(Events.LOADING_COMPLETE, () => later(() => on.lost('The stream has ended')));
  player.on(Events.ERROR, (...error) => later(() => tell(on, error, heard)));
  player.attachMediaElement(video);
  player.load();

  return {
    close() {
      player.destroy();
    },
  };
}

function tell(on, [type, detail, info], heard) {
  if (detail === ErrorDetails.NETWORK_STATUS_CODE_INVALID)
    tellStatus(on, info.code);
  else if (type === ErrorTypes.NETWORK_ERROR)
    on.lost(heard ? 'The connection was lost' : 'The server does not answer');
  else if (detail === ErrorDetails.MEDIA_CODEC_UNSUPPORTED || /unsupported/i.test(info?.msg))
    on.unplayable('This browser cannot decode the stream', info?.msg);
  else
    on.lost(heard ? 'The stream has changed' : 'The stream could not be read');
}
