// Asks a server again and again, one question at a time, and tells what it says or that it does
// not answer. A hidden page asks less often; one that is shown again asks at once.

import { backoff } from './backoff.js';

const PATIENCE_MS = 5000;
const HIDDEN_FACTOR = 5;

/** A status other than 2xx, with the reason that the server gave in one line, or ''. */
export class Refused extends Error {
  constructor(status, reason) {
    super(reason ? `The server answers ${status}: ${reason}` : `The server answers ${status}`);
    this.status = status;
    this.reason = reason;
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
    throw new Refused(answer.status, reasonIn(await answer.text()));
  return answer.status === 204 ? {} : answer.json();
}

/** Either an envelope { status, data }, or a line of text. */
export function reasonIn(body) {
  try {
    const { data } = JSON.parse(body);
    return typeof data === 'string' ? data : '';
  } catch {
    const line = body.trim();
    return /^[^<\n]{1,200}$/.test(line) ? line : '';
  }
}

export class Feed {
  #timer = 0;
  #failures = 0;
  #asking = false;
  #again = false;

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

  /** Asks at once, or as soon as there is the answer that is awaited already. */
  async now() {
    this.#again = this.#asking;
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
    this.#timer = setTimeout(() => this.now(), this.#again ? 0 : wait);
  }
}
