// A button that asks once more before it acts: a click arms it for a moment, the next one acts.

import { element, setText } from '../lib/dom.js';

const ARMED_MS = 3000;

/**
 * @param {string} what read by a screen reader, as in "Kick 192.0.2.7"
 * @param {() => Promise<void>} act
 */
export function kickButton(what, act) {
  let timer = 0;
  const button = element('button', { type: 'button', 'aria-label': what, click: press }, 'Kick');

  function disarm() {
    clearTimeout(timer);
    timer = 0;
    button.classList.remove('sure');
    button.setAttribute('aria-label', what);
    setText(button, 'Kick');
  }

  async function press() {
    if (timer === 0) {
      timer = setTimeout(disarm, ARMED_MS);
      button.classList.add('sure');
      button.setAttribute('aria-label', `${what}: press again to do it`);
      setText(button, 'Sure?');
      return;
    }
    disarm();
    button.disabled = true;
    await act();
    button.disabled = false;
  }

  return button;
}
