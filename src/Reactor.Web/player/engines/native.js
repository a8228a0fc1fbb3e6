// HLS by the browser itself: Safari, and phones without Media Source Extensions (Q66).

/**
 * @param {HTMLVideoElement} video
 * @param {string} url of a playlist
 * @param {object} on lost(why), nobody()
 */
export function open(video, url, on) {
  const listening = new AbortController();
  const { signal } = listening;
  video.addEventListener('error', () => explain(url, on, signal), { signal });
  video.src = url;

  return {
    keepsPace: true,
    latency: () => (liveTime(video) === null ? null : liveTime(video) - video.currentTime),
    liveTime: () => liveTime(video),
    close() {
      listening.abort();
      video.removeAttribute('src');
      video.load();
    },
  };
}

function liveTime(video) {
  const { seekable } = video;
  return seekable.length > 0 ? seekable.end(seekable.length - 1) : null;
}

/** The element only says that it failed; the playlist's own answer says why. */
async function explain(url, on, signal) {
  try {
    const answer = await fetch(url, { method: 'HEAD', cache: 'no-store', signal });
    if (answer.status === 404)
      on.nobody();
    else
      on.lost(answer.ok ? 'The stream could not be read' : `The server answers ${answer.status}`);
  } catch {
    if (!signal.aborted)
      on.lost('The server does not answer');
  }
}
