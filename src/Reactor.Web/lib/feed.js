// Asks a server again and again, one question at a time, and tells what it says or that it does
// not answer. A hidden page asks less often; one that is shown again asks at once.

import { backoff } from './backoff.js';

const PATIENCE_MS = 5000;
const HIDDEN_FACTOR = 5;

export class Refused extends Error {
  constructor(status, path) {
    super(`${status} ${path}`);
    this.status = status;
  }
}

/**
 * One GET (or another method) for JSON.
 * @param {string} url
 * @param {RequestInit} options
 * @throws {Refused} for any status but 2xx
 */
export async function ask(url, options = {}) {
  const answer = await fetch(url, {
    cache: 'no-store',
    signal: AbortSignal.timeout(PATIENCE_MS),
    ...options,
  });
  if (!answer.ok)
    throw new Refused(answer.status, new URL(url).pathname);
  return answer.status === 204 ? {} : answer.json();
}

export class Feed {
  #timer = 0;
  #failures = 0;
  #asking = false;

  /**
   * @param {() => Promise<void>} question
   * @param {number} everyMs
   * @param {(error: Error, nextMs: number) => void} onOutage
   */
  constructor(question, everyMs, onOutage) {
    this.question = question;
    this.everyMs = everyMs;
    this.onOutage = onOutage;
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden)
        this.now();
    });
  }

  /** Asks at once, unless an answer is awaited already. */
  async now() {
    if (this.#asking)
      return;
    clearTimeout(this.#timer);
    this.#asking = true;
    let wait = this.everyMs * (document.hidden ? HIDDEN_FACTOR : 1);
    try {
      await this.question();
      this.#failures = 0;
    } catch (error) {
      this.#failures++;
      wait = Math.max(wait, backoff(this.#failures, Math.random()));
      this.onOutage(error, wait);
    }
    this.#asking = false;
    this.#timer = setTimeout(() => this.now(), wait);
  }
}
