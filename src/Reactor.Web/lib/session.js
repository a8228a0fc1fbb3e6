// What a player is doing, as a table: state × event → state. It touches nothing and knows no clock,
// so that every way through it can be tested; player/watching.js acts on it.
//
//   connecting ──moved──► playing ──stopped──► stalled ──moved──► playing
//       │                    │                    │
//       └──────lost──────────┴────────lost────────┴──► retrying ──due──► connecting
//
//   absent    nobody publishes: as retrying, but calm, and ended by "appeared"
//   paused    by the viewer; with isGone the connection has ended meanwhile, and nobody minds
//   blocked   the browser wants a click before it plays
//   failed    refused, or not playable here: only the viewer can change it

import { backoff } from './backoff.js';

/** While nobody publishes we ask this often, for the list of streams may be out of reach. */
const ABSENT_MS = 5000;

export const START = Object.freeze({ name: 'connecting', attempt: 0 });

/** States in which the next attempt waits for `retryAt`. */
export function isWaiting(state) {
  return state.name === 'retrying' || state.name === 'absent';
}

/** States that need no connection. */
export function isApart(state) {
  return isWaiting(state) || state.name === 'failed' || state.isGone === true;
}

/**
 * @param {object} state a state that this function gave, or START
 * @param {object} event { type, and what belongs to the type }
 * @param {number} now milliseconds of a steady clock
 * @param {number} luck from 0 to 1
 */
export function next(state, event, now, luck) {
  switch (event.type) {
    case 'moved':
      return state.name === 'playing' ? state : { name: 'playing', attempt: 0 };

    case 'stopped':
      return state.name === 'playing' ? { name: 'stalled', attempt: 0, since: now } : state;

    case 'lost': {
      if (state.name === 'failed' || isWaiting(state))
        return state;
      if (state.name === 'paused')
        return { ...state, isGone: true };
      const attempt = state.attempt + 1;
      const retryAt = now + backoff(attempt, luck);
      return { name: 'retrying', attempt, retryAt, why: event.why };
    }

    case 'nobody':
      if (state.name === 'paused')
        return { ...state, isGone: true };
      return { name: 'absent', attempt: 0, retryAt: now + ABSENT_MS };

    case 'due':
      return isWaiting(state) && now >= state.retryAt
        ? { name: 'connecting', attempt: state.attempt }
        : state;

    // The list shows the stream again: all that waits need wait no longer.
    case 'appeared':
      return isWaiting(state) ? { name: 'connecting', attempt: state.attempt } : state;

    case 'refused':
    case 'unplayable': {
      const action = event.type === 'refused' ? 'Try again' : 'Try anyway';
      return { name: 'failed', attempt: 0, why: event.why, what: event.what, action };
    }

    case 'blocked':
      return state.name === 'failed' ? state : { name: 'blocked', attempt: 0 };

    case 'paused':
      return state.name === 'playing' || state.name === 'stalled'
        ? { name: 'paused', attempt: 0 } : state;

    case 'again':
      return { ...START };       // a new one: also from START itself it begins anew

    default:
      throw new Error(`no such event: ${event.type}`);
  }
}

/**
 * What the viewer reads over the picture; null when the picture speaks for itself.
 * @param {string} key of the stream
 * @param {boolean | null} isLive whether somebody publishes it; null while nobody knows
 * @returns {null | { title: string, text: string, busy?: boolean, action?: string }}
 */
export function sayState(state, key, isLive, now) {
  switch (state.name) {
    // The server may hold the request until somebody publishes, so this can take long.
    case 'connecting':
      return isLive === false ? sayAbsent(key) : { title: 'Connecting', text: '', busy: true };
    case 'stalled':
      if (isLive === false)
        return sayAbsent(key);
      return now - state.since < 1000
        ? null
        : { title: 'Waiting for data', text: 'Nothing has come for a moment.', busy: true };
    case 'retrying': {
      const seconds = Math.max(1, Math.ceil((state.retryAt - now) / 1000));
      return {
        title: state.why || 'The connection was lost',
        text: `Next attempt in ${seconds} s.`,
        action: 'Try now',
      };
    }
    case 'absent':
      return sayAbsent(key);
    case 'failed':
      return { title: state.why, text: state.what ?? '', action: state.action };
    case 'blocked':
      return {
        title: 'Ready to play',
        text: 'This browser wants a click before it starts a video.',
        action: 'Play',
      };
    case 'paused':
      return { title: '', text: '', action: 'Play' };
    default:
      return null;
  }
}

function sayAbsent(key) {
  return {
    title: `Nobody publishes ${key}`,
    text: 'The picture comes by itself as soon as somebody does.',
    busy: true,
  };
}
