// The picture and all that lies over and under it: what to tell, and what can be pressed.

import { byId, setText } from '../lib/dom.js';
import { sayState } from '../lib/session.js';

const IDLE_MS = 2500;           // full screen without a touch: the controls leave
const BEHIND_S = 1.5;           // over the target from which the picture is not live any more

export class Stage {
  #video = byId('video');
  #stage = byId('stage');
  #watching;
  #stream = null;
  #idleTimer = 0;

  /**
   * @param {import('./watching.js').Watching} watching
   * @param {(via: string) => void} onWay the viewer chose another way to play
   */
  constructor(watching, onWay) {
    this.#watching = watching;
    this.#bindButtons();
    this.#bindKeys();
    byId('ways').addEventListener('change', (event) => onWay(event.target.value));
    for (const type of ['pointermove', 'keydown', 'focusin'])
      this.#stage.addEventListener(type, () => this.#wake());
    this.#recallVolume();
    byId('pip').hidden = !document.pictureInPictureEnabled;
  }

  /** @param {{ key: string, video: string }} stream */
  show(stream, via, offWays) {
    this.#stream = stream;
    for (const radio of byId('ways').querySelectorAll('input')) {
      radio.checked = radio.value === via;
      radio.disabled = offWays.includes(radio.value) && radio.value !== via;
    }
  }

  /** After every change of state, and now and then while it counts down. */
  render(now) {
    const state = this.#watching.state;
    const said = sayState(state, this.#stream?.key ?? '', this.#watching.isLive, now);
    byId('veil').hidden = said === null;
    byId('veil-busy').hidden = !said?.busy;
    setText(byId('veil-title'), said?.title ?? '');
    setText(byId('veil-text'), said?.text ?? '');
    byId('veil-action').hidden = !said?.action;
    setText(byId('veil-action'), said?.action ?? '');

    const runs = state.name === 'playing' || state.name === 'stalled';
    setButton(byId('play'), runs ? 'i-pause' : 'i-play', runs ? 'Pause' : 'Play');
    const silent = this.#video.muted || this.#video.volume === 0;
    setButton(byId('mute'), silent ? 'i-mute' : 'i-sound', silent ? 'Turn the sound on' : 'Mute');
    byId('unsilence').hidden = !(this.#watching.isSilenced && this.#video.muted && runs);
    byId('sound-only').hidden = !(runs && this.#video.videoWidth === 0);
  }

  /** @param {{ latency: number, target: number }} measures */
  renderEdge(measures) {
    const behind = measures.latency === null || measures.latency > measures.target + BEHIND_S;
    byId('live').classList.toggle('at-edge', this.#watching.state.name === 'playing' && !behind);
  }

  #bindButtons() {
    const press = (id, action) => byId(id).addEventListener('click', action);
    press('play', () => this.#toggle());
    press('veil-action', () => this.#watching.play());
    press('live', () => this.#watching.play());
    press('mute', () => this.#mute());
    press('unsilence', () => this.#mute());
    press('pip', () => this.#pictureInPicture());
    press('full', () => this.#fullScreen());
    byId('screen').addEventListener('dblclick', () => this.#fullScreen());
    byId('volume').addEventListener('input', (event) => {
      this.#video.volume = Number(event.target.value);
      this.#video.muted = false;
    });
    this.#video.addEventListener('volumechange', () => {
      byId('volume').value = this.#video.muted ? 0 : this.#video.volume;
      this.#rememberVolume();
      this.render(performance.now());
    });
  }

  #bindKeys() {
    const actions = {
      ' ': () => this.#toggle(),
      k: () => this.#toggle(),
      m: () => this.#mute(),
      f: () => this.#fullScreen(),
      p: () => this.#pictureInPicture(),
      l: () => this.#watching.play(),
    };
    document.addEventListener('keydown', (event) => {
      const action = actions[event.key.toLowerCase()];
      // A focused button, field or link has its own use for keys.
      const isFree = event.target === document.body || event.target.closest?.('#stage video');
      if (!action || byId('watch').hidden || event.ctrlKey || event.metaKey || event.altKey)
        return;
      if (event.key === ' ' ? !isFree : event.target.closest?.('input, textarea, code'))
        return;
      event.preventDefault();
      action();
    });
  }

  #toggle() {
    const { name } = this.#watching.state;
    if (name === 'playing' || name === 'stalled')
      this.#watching.pause();
    else
      this.#watching.play();
  }

  #mute() {
    this.#watching.isSilenced = false;
    this.#video.muted = !this.#video.muted;
    if (!this.#video.muted && this.#video.volume === 0)
      this.#video.volume = 0.5;
  }

  async #pictureInPicture() {
    try {
      if (document.pictureInPictureElement)
        await document.exitPictureInPicture();
      else
        await this.#video.requestPictureInPicture();
    } catch {
      // Without a picture yet, or forbidden by the system: the button then does nothing.
    }
  }

  #fullScreen() {
    if (document.fullscreenElement)
      document.exitFullscreen();
    else if (this.#stage.requestFullscreen)
      this.#stage.requestFullscreen();
    else
      this.#video.webkitEnterFullscreen?.();      // an iPhone shows the bare video
  }

  #wake() {
    this.#stage.classList.remove('is-idle');
    clearTimeout(this.#idleTimer);
    this.#idleTimer = setTimeout(() => this.#stage.classList.add('is-idle'), IDLE_MS);
  }

  #rememberVolume() {
    try {
      localStorage.setItem('reactor.volume', String(this.#video.volume));
    } catch {
      // Storage is closed to private windows and some frames.
    }
  }

  #recallVolume() {
    try {
      const volume = Number(localStorage.getItem('reactor.volume') ?? '1');
      this.#video.volume = volume >= 0 && volume <= 1 ? volume : 1;
    } catch {
      this.#video.volume = 1;
    }
    byId('volume').value = this.#video.volume;
  }
}

function setButton(button, icon, label) {
  if (button.getAttribute('aria-label') === label)
    return;
  button.setAttribute('aria-label', label);
  button.querySelector('use').setAttribute('href', `#${icon}`);
}
