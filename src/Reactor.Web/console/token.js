// The token for the server's API: kept for this tab only, and sent to this server only.

import { byId } from '../lib/dom.js';

const KEY = 'reactor.token';

export class Token {
  #value = read();
  #wasAsked = false;

  /** @param {() => void} onChange */
  constructor(onChange) {
    byId('token-button').addEventListener('click', () => {
      this.#show(byId('token-form').hidden);
    });
    byId('token-form').addEventListener('submit', (event) => {
      event.preventDefault();
      this.#set(byId('token').value.trim());
      onChange();
    });
    byId('token-forget').addEventListener('click', () => {
      this.#set('');
      onChange();
    });
  }

  get isSet() {
    return this.#value !== '';
  }

  /** What a request needs. */
  get headers() {
    return this.isSet ? { Authorization: `Bearer ${this.#value}` } : {};
  }

  /** Opens the field, once: who closes it again does not want it now. */
  ask() {
    if (!this.#wasAsked)
      this.#show(true);
    this.#wasAsked = true;
  }

  #show(isOpen) {
    byId('token-form').hidden = !isOpen;
    byId('token-button').setAttribute('aria-expanded', String(isOpen));
    if (isOpen)
      byId('token').focus();
  }

  #set(value) {
    this.#value = value;
    byId('token').value = '';
    this.#show(false);
    this.#wasAsked = false;
    try {
      if (value === '')
        sessionStorage.removeItem(KEY);
      else
        sessionStorage.setItem(KEY, value);
    } catch {
      // Without storage it lasts until the page is loaded anew.
    }
  }
}

function read() {
  try {
    return sessionStorage.getItem(KEY) ?? '';
  } catch {
    return '';
  }
}
