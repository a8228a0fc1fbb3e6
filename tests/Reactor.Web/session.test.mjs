import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  START, isApart, isWaiting, next, sayState,
} from '../../src/Reactor.Web/lib/session.js';

/** The state after these events, a second apart. */
function after(...events) {
  return events.reduce((state, event, index) =>
    next(state, typeof event === 'string' ? { type: event } : event, index * 1000, 0.5), START);
}

const LOST = { type: 'lost', why: 'The connection was lost' };

test('A picture that moves is playing', () => {
  assert.equal(after('moved').name, 'playing');
  assert.equal(after('moved', 'stopped', 'moved').name, 'playing');
});

test('A loss is followed by attempts at growing intervals', () => {
  const first = after('moved', LOST);
  const second = after('moved', LOST, { type: 'due' }, LOST);

  assert.equal(first.name, 'retrying');
  assert.equal(first.retryAt, 1500);
  assert.equal(second.attempt, 2);
  assert.equal(second.retryAt - 3000, 1000);
});

test('Nothing is tried before its time', () => {
  const lost = after(LOST);

  assert.equal(next(lost, { type: 'due' }, lost.retryAt - 1, 0.5), lost);
  assert.equal(next(lost, { type: 'due' }, lost.retryAt, 0.5).name, 'connecting');
});

test('A picture ends the counting of attempts', () => {
  assert.equal(after(LOST, { type: 'due' }, 'moved', LOST).attempt, 1);
});

test('Nobody publishing is no failure, and ends when the list says so', () => {
  const absent = after('nobody');

  assert.equal(absent.name, 'absent');
  assert.equal(next(absent, { type: 'appeared' }, 0, 0.5).name, 'connecting');
  assert.equal(after('moved', 'appeared').name, 'playing');
});

test('What the viewer paused stays paused, whatever becomes of the connection', () => {
  const gone = after('moved', 'paused', LOST);

  assert.equal(gone.name, 'paused');
  assert.equal(isApart(gone), true);
  assert.equal(after('moved', 'paused', 'nobody').name, 'paused');
  assert.equal(after('moved', 'paused', 'moved').name, 'playing');
});

test('A refusal waits for the viewer', () => {
  const refused = after({ type: 'refused', why: 'No', what: 'Ask' });

  assert.equal(refused.name, 'failed');
  assert.equal(isWaiting(refused), false);
  assert.equal(next(refused, { type: 'due' }, 1e9, 0.5), refused);
  assert.equal(next(refused, LOST, 0, 0.5), refused);
  assert.equal(next(refused, { type: 'again' }, 0, 0.5).name, 'connecting');
});

test('To begin again is a change, also from the start', () => {
  assert.notEqual(next(START, { type: 'again' }, 0, 0.5), START);
});

test('A browser that wants a click is told from one that fails', () => {
  assert.equal(after('blocked').name, 'blocked');
  assert.equal(sayState(after('blocked'), 'live/a', true, 0).action, 'Play');
});

test('An event that does not exist is a mistake of ours', () => {
  assert.throws(() => after('exploded'));
});

test('Every event leads from every state to one that shows a picture or says more', () => {
  const events = ['moved', 'stopped', LOST, 'nobody', 'due', 'appeared', 'blocked', 'paused',
    'again', { type: 'refused', why: 'No', what: 'Ask' }, { type: 'unplayable', why: 'No' }];
  const seen = new Map([['connecting', START]]);
  for (const state of seen.values()) {
    for (const event of events) {
      const reached = next(state, typeof event === 'string' ? { type: event } : event, 5000, 0.5);
      seen.set(reached.name, seen.get(reached.name) ?? reached);
      const said = sayState(reached, 'live/a', true, 9000);
      assert.ok(said === null || said.busy || said.action, `${state.name} ${event.type ?? event}`);
      assert.equal(said === null, reached.name === 'playing');
    }
  }

  assert.deepEqual([...seen.keys()].sort(), ['absent', 'blocked', 'connecting', 'failed', 'paused',
    'playing', 'retrying', 'stalled']);
});

test('The wait is counted down in whole seconds, and never to zero', () => {
  const state = { name: 'retrying', attempt: 3, retryAt: 10_000, why: '' };

  assert.match(sayState(state, 'live/a', true, 8500).text, /in 2 s/);
  assert.match(sayState(state, 'live/a', true, 10_000).text, /in 1 s/);
});

test('While nobody publishes it says so, whatever the connection is doing', () => {
  const absent = sayState(after('nobody'), 'live/a', false, 9000);

  assert.match(absent.title, /Nobody publishes live\/a/);
  assert.deepEqual(sayState(START, 'live/a', false, 9000), absent);
  assert.deepEqual(sayState(after('moved', 'stopped'), 'live/a', false, 9000), absent);
  assert.match(sayState(START, 'live/a', null, 9000).title, /Connecting/);
});
