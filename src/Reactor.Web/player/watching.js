// Watches one stream: opens an engine, follows what becomes of it (lib/session.js decides), keeps
// the picture near the live edge (lib/pace.js) and measures. It draws nothing.

import { LiveEdge } from '../lib/live-edge.js';
import { Pace } from '../lib/pace.js';
import { START, isApart, isWaiting, next } from '../lib/session.js';
import { engineFor } from './engines/index.js';

const TICK_MS = 200;
const STOP_MS = 700;            // the picture stands still for so long: it has stopped
const SILENCE_MS = 10000;       // then the connection is given up, if somebody does publish
const STUCK_MS = 1500;          // there is data, but no picture: a track has come or gone
const STUCK_AHEAD = 0.4;        // seconds of data that are certainly enough for a picture
const ABSENCE_MS = 40000;       // the server waits 30 s for a publisher to come, or come back
const START_MS = 15000;         // from connecting to the first picture
const HLS_START_MS = 30000;     // likewise, where the first segment has to be made first
const PAUSE_MS = 60000;         // who pauses for longer does not want the bytes

export class Watching {
  #video;
  #abilities;
  #plan = null;                 // { key, via, url }
  #engine = null;
  #opening = 0;                 // counts openings, so that a late answer of an old one is ignored
  #state = START;
  #stateSince = 0;
  #lastTime = 0;
  #movedAt = 0;
  #wasAbsent = false;           // nobody published while the picture stood still
  #edge = new LiveEdge();
  #pace = new Pace();

  /** False when the list of streams says that nobody publishes ours; null when it says nothing. */
  isLive = null;

  /** True while the sound is off only because the browser wanted it so. */
  isSilenced = false;

  /**
   * @param {HTMLVideoElement} video
   * @param {object} abilities from abilitiesOf
   * @param {(state: object) => void} onState after each change
   */
  constructor(video, abilities, onState) {
    this.#video = video;
    this.#abilities = abilities;
    this.onState = onState;
    // A headset, the system or a picture in picture may pause it, too.
    video.addEventListener('pause', () => this.#go({ type: 'paused' }));
    video.addEventListener('ended', () => this.#go({ type: 'lost', why: 'The stream has ended' }));
    setInterval(() => this.#tick(), TICK_MS);
    document.addEventListener('visibilitychange', () => this.#tick());
  }

  get state() {
    return this.#state;
  }

  /** @param {{ key: string, via: string, url: string }} plan */
  watch(plan) {
    this.leave();
    this.#plan = plan;
    this.#pace = new Pace();
    this.#go({ type: 'again' });
  }

  /** Ends it; nothing is fetched any more. */
  leave() {
    this.#plan = null;
    this.#close();
  }

  pause() {
    this.#video.pause();
  }

  /** Goes on, at the live edge; from failure or while waiting it tries at once. */
  play() {
    if (isApart(this.#state)) {
      this.#go({ type: 'again' });
    } else {
      this.jumpToLive();
      this.#start();
    }
  }

  jumpToLive() {
    const liveTime = this.#engine?.liveTime?.() ?? this.#end() - this.#pace.target;
    if (liveTime > this.#video.currentTime)
      this.#video.currentTime = liveTime;
  }

  /** The list of streams was read, and ours is in it again. */
  appeared() {
    this.#go({ type: 'appeared' });
  }

  /** What cannot be played is not tried. */
  unplayable(obstacle) {
    this.#go({ type: 'unplayable', ...obstacle });
  }

  /** What the gauges show; numbers that nobody knows are null. */
  measure() {
    const video = this.#video;
    const quality = video.getVideoPlaybackQuality?.();
    const ahead = this.#ahead();
    const latency = this.#engine === null || video.readyState < 2
      ? null
      : this.#engine.latency?.() ?? this.#edge.latency(performance.now(), video.currentTime);
    return {
      latency: this.#state.name === 'paused' ? null : latency,
      ahead,
      target: this.#engine?.target?.() ?? this.#pace.target,
      rate: video.playbackRate,
      width: video.videoWidth,
      height: video.videoHeight,
      frames: quality?.totalVideoFrames ?? 0,
      dropped: quality?.droppedVideoFrames ?? 0,
      decodedBytes: (video.webkitVideoDecodedByteCount ?? 0)
        + (video.webkitAudioDecodedByteCount ?? 0),
    };
  }

  #go(event) {
    const before = this.#state;
    const now = performance.now();
    this.#state = next(before, event, now, Math.random());
    if (this.#state === before)
      return;
    this.#stateSince = now;
    if (this.#state.name === 'connecting')
      this.#open();
    else if (isApart(this.#state))
      this.#close();
    this.onState(this.#state);
  }

  async #open() {
    this.#close();
    if (this.#plan === null)
      return;
    const opening = ++this.#opening;
    const { via, url } = this.#plan;
    let open;
    try {
      open = await engineFor(via, this.#abilities);
    } catch {
      if (opening === this.#opening)
        this.#go({ type: 'lost', why: 'The server does not answer' });
      return;
    }
    if (opening !== this.#opening)
      return;
    this.#engine = open(this.#video, url, this.#ears(opening));
    this.#start();
  }

  /** What an engine may tell; after it was closed nobody listens any more. */
  #ears(opening) {
    const hear = (event) => {
      if (opening === this.#opening)
        this.#go(event);
    };
    return {
      lost: (why) => hear({ type: 'lost', why }),
      nobody: () => hear({ type: 'nobody' }),
      refused: (why, what) => hear({ type: 'refused', why, what }),
      unplayable: (why, what) => hear({ type: 'unplayable', why, what }),
    };
  }

  #close() {
    this.#opening++;
    this.#engine?.close();
    this.#engine = null;
    this.#edge.reset();
    this.#video.playbackRate = 1;
    this.#lastTime = 0;
  }

  /** Plays with sound if the browser lets us, else without, else after a click. */
  async #start() {
    const video = this.#video;
    const opening = this.#opening;
    try {
      await video.play();
    } catch (refusal) {
      if (refusal.name !== 'NotAllowedError' || opening !== this.#opening)
        return;         // aborted by a newer opening; other failures come from the engine
      if (video.muted) {
        this.#go({ type: 'blocked' });
        return;
      }
      video.muted = true;
      this.isSilenced = true;
      await this.#start();
    }
  }

  #tick() {
    const now = performance.now();
    if (this.#plan === null)
      return;
    if (isWaiting(this.#state)) {
      this.#go({ type: 'due' });
      return;
    }
    if (this.#engine === null)
      return;
    this.#observe(now);
    this.#expire(now);
  }

  #observe(now) {
    const video = this.#video;
    const end = this.#end();
    // While nobody publishes no edge moves on: to wait for it is no latency.
    if (this.isLive === false) {
      this.#edge.reset();
      this.#wasAbsent = true;
    } else if (end > 0)
      this.#edge.observe(now, end);
    if (video.paused)
      return;
    if (!this.#engine.keepsPace && end > 0)
      this.#keepPace(now);

    if (Math.abs(video.currentTime - this.#lastTime) > 0.01 && video.readyState >= 2) {
      this.#lastTime = video.currentTime;
      this.#movedAt = now;
      if (this.#state.name === 'stalled' && !this.#wasAbsent)
        this.#pace.stopped(now);
      this.#go({ type: 'moved' });
    } else if (this.#state.name === 'playing' && now - this.#movedAt > STOP_MS) {
      this.#wasAbsent = false;
      this.#go({ type: 'stopped' });
    }
  }

  #keepPace(now) {
    const video = this.#video;
    const { rate, jump } = this.#pace.advise(now, this.#ahead());
    if (jump > 0)
      video.currentTime += jump;
    if (Math.abs(video.playbackRate - rate) > 0.005)
      video.playbackRate = rate;
  }

  /** Silence has an end here too. */
  #expire(now) {
    const elapsed = now - this.#stateSince;
    const { name } = this.#state;
    const patience = (usual) => (this.isLive === false ? ABSENCE_MS : usual);
    if (name === 'stalled' && elapsed > STUCK_MS && this.#ahead() > STUCK_AHEAD)
      this.#go({ type: 'lost', why: 'The stream has changed' });
    else if (name === 'stalled' && elapsed > patience(SILENCE_MS))
      this.#go({ type: 'lost', why: 'Nothing has come for a while' });
    else if (name === 'connecting'
      && elapsed > patience(this.#plan.via === 'hls' ? HLS_START_MS : START_MS))
      this.#go({ type: 'lost', why: 'No picture has come' });
    else if (name === 'paused' && elapsed > PAUSE_MS)
      this.#go({ type: 'lost' });
  }

  /** Media seconds up to which there is something to show; 0 while there is nothing. */
  #end() {
    const { buffered } = this.#video;
    return buffered.length > 0 ? buffered.end(buffered.length - 1) : 0;
  }

  #ahead() {
    return Math.max(0, this.#end() - this.#video.currentTime);
  }
}
