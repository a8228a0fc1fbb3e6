// How long to wait before the next attempt: at once nearly, then longer, so that a server that
// comes back is not met by all its viewers in the same second.

const STEPS_MS = [500, 1000, 2000, 4000, 8000];
const LONGEST_MS = 15000;
const SPREAD = 0.25;

/**
 * @param {number} attempt how many attempts have failed, from 1
 * @param {number} luck a number from 0 to 1, drawn anew each time
 * @returns {number} milliseconds
 */
export function backoff(attempt, luck) {
  const usual = STEPS_MS[Math.max(attempt, 1) - 1] ?? LONGEST_MS;
  return Math.round(usual * (1 - SPREAD + 2 * SPREAD * luck));
}
