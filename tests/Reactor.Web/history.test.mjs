import assert from 'node:assert/strict';
import { test } from 'node:test';
import { History, Rate, niceCeiling } from '../../src/Reactor.Web/lib/history.js';

test('Old samples are forgotten, but for one that lies at the edge', () => {
  const history = new History(1000);
  for (let at = 0; at <= 5000; at += 500)
    history.add(at, { players: at });

  assert.deepEqual(history.samples.map(({ at }) => at), [4000, 4500, 5000]);
  assert.equal(history.last.players, 5000);
});

test('The largest number of several names is found, unknown ones aside', () => {
  const history = new History(1000);
  history.add(0, { in: 3, out: null });
  history.add(1, { in: null, out: 7 });

  assert.equal(history.max(['in', 'out']), 7);
  assert.equal(history.max(['in'], 5), 5);
});

test('A counter becomes a rate per second', () => {
  const rate = new Rate();

  assert.equal(rate.next(0, 1000), null);
  assert.equal(rate.next(2000, 5000), 2000);
  assert.equal(rate.next(2000, 6000), null, 'no time has passed');
});

test('A counter that begins again gives no rate that once', () => {
  const rate = new Rate();
  rate.next(0, 1000);

  assert.equal(rate.next(1000, 10), null);
  assert.equal(rate.next(2000, 30), 20);
  assert.equal(rate.next(3000, null), null);
  assert.equal(rate.next(4000, 50), null);
});

test('An axis ends at a round number', () => {
  assert.equal(niceCeiling(0), 1);
  assert.equal(niceCeiling(1), 1);
  assert.equal(niceCeiling(1.01), 2);
  assert.equal(niceCeiling(4300), 5000);
  assert.equal(niceCeiling(70), 100);
  assert.equal(niceCeiling(0.07), 0.1);
  assert.equal(niceCeiling(90 * 1024, 1024), 100 * 1024);
});
