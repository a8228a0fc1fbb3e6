// The token for a server's API: kept for this tab only, and for that server only, so that a link to
// the console of another server never sends it there.

import { byId } from '../lib/dom.js';

export class Token {
  #key;
  #value = '';

  /**
   * @param {string} server the origin that it is for
   * @param {() => void} onChange
   */
  constructor(server, onChange) {
    this.#key = `reactor.token ${server}`;
    this.#value = read(this.#key);
    byId('token-button').addEventListener('click', () => this.show(byId('token-form').hidden));
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

  show(isOpen) {
    byId('token-form').hidden = !isOpen;
    byId('token-button').setAttribute('aria-expanded', String(isOpen));
    if (isOpen)
      byId('token').focus();
  }

  #set(value) {
    this.#value = value;
    byId('token').value = '';
    this.show(false);
    try {
      if (value === '')
        sessionStorage.removeItem(this.#key);
      else
        sessionStorage.setItem(this.#key, value);
    } catch {
      // Without storage it lasts until the page is loaded anew.
    }
  }
}

function read(key) {
  try {
    return sessionStorage.getItem(key) ?? '';
  } catch {
    return '';
  }
}
