// How to play, by way. The libraries are large, so each is fetched when it is first needed.

/**
 * @param {string} via flv, ws or hls
 * @param {{ nativeHls: boolean }} abilities
 * @returns {Promise<(video, url, on) => object>} opens an engine
 */
export async function engineFor(via, abilities) {
  const engine = via !== 'hls'
    ? await import('./flv.js')
    : abilities.nativeHls
      ? await import('./native.js')
      : await import('./hls.js');
  return engine.open;
}
