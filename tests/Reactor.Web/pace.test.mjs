import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backoff } from '../../src/Reactor.Web/lib/backoff.js';
import { LiveEdge } from '../../src/Reactor.Web/lib/live-edge.js';
import { Pace, TARGET_MAX, TARGET_MIN } from '../../src/Reactor.Web/lib/pace.js';

test('The GOP that a joiner receives at once is jumped over', () => {
  const { rate, jump } = new Pace().advise(0, 4);

  assert.equal(rate, 1);
  assert.equal(jump, 4 - TARGET_MIN);
});

test('A little too far away it plays faster, until it is where it should be', () => {
  const pace = new Pace();
  pace.advise(0, TARGET_MIN);

  assert.ok(pace.advise(100, 1.2).rate > 1.05);
  assert.ok(pace.advise(200, 0.7).rate > 1, 'and not only to the edge of what is tolerated');
  assert.equal(pace.advise(300, 0.6).rate, 1);
  assert.equal(pace.advise(400, 0.8).rate, 1, 'small differences are left alone');
});

test('It is never so fast that one hears it', () => {
  const pace = new Pace();
  pace.advise(0, TARGET_MIN);

  assert.ok(pace.advise(100, 3).rate <= 1.12);
});

test('Far behind it jumps', () => {
  const pace = new Pace();
  pace.advise(0, TARGET_MIN);

  assert.equal(pace.advise(100, 10).jump, 10 - TARGET_MIN);
  assert.equal(pace.advise(200, TARGET_MIN).jump, 0);
});

test('With little left it slows down', () => {
  assert.ok(new Pace().advise(0, 0.1).rate < 1);
});

test('Each stop moves the target away from the edge, quiet time moves it back', () => {
  const pace = new Pace();
  pace.stopped(0);
  pace.stopped(1000);
  const after = pace.target;
  assert.ok(after > TARGET_MIN + 0.5);

  pace.advise(20_000, 1);
  assert.equal(pace.target, after);
  pace.advise(31_001, 1);
  assert.ok(pace.target < after);

  for (let stop = 0; stop < 100; stop++)
    pace.stopped(40_000);
  assert.equal(pace.target, TARGET_MAX);
  for (let at = 40_000; at < 4_000_000; at += 1000)
    pace.advise(at, 1);
  assert.equal(pace.target, TARGET_MIN);
});

test('A player that is fed at the pace of the clock ends at the target and stays there', () => {
  const pace = new Pace();
  let ahead = 3;
  let changes = 0;
  let before = 1;
  for (let now = 0; now < 120_000; now += 200) {
    const { rate, jump } = pace.advise(now, ahead);
    ahead += 0.2 - 0.2 * rate - jump;
    changes += rate === before ? 0 : 1;
    before = rate;
  }

  assert.ok(Math.abs(ahead - TARGET_MIN) < 0.31, `${ahead}`);
  assert.ok(changes < 12, `the rate changed ${changes} times`);
});

test('Latency is the buffer where nothing is held up', () => {
  const edge = new LiveEdge();
  for (let now = 0; now <= 5000; now += 200)
    edge.observe(now, 10 + now / 1000);

  assert.ok(Math.abs(edge.latency(5000, 14.2) - 0.8) < 1e-9);
});

test('Latency counts what is held up on the way', () => {
  const edge = new LiveEdge();
  edge.observe(0, 10);
  edge.observe(2000, 10);       // nothing has come for two seconds

  assert.ok(Math.abs(edge.latency(2000, 9.5) - 2.5) < 1e-9);
});

test('A burst that catches up moves the edge at once', () => {
  const edge = new LiveEdge();
  edge.observe(0, 1);
  edge.observe(100, 6);

  assert.equal(edge.at(100), 6);
});

test('A publisher that paused is not held to its old pace for ever', () => {
  const edge = new LiveEdge();
  edge.observe(0, 10);
  for (let now = 5000; now <= 40_000; now += 1000)
    edge.observe(now, 10 + (now - 5000) / 1000);

  assert.ok(Math.abs(edge.latency(40_000, 44) - 1) < 1e-9);
});

test('Nothing seen, nothing known', () => {
  const edge = new LiveEdge();
  assert.equal(edge.latency(0, 0), null);

  edge.observe(0, 5);
  edge.reset();
  assert.equal(edge.latency(0, 0), null);
});

test('Attempts come at once, then at longer intervals, and never all together', () => {
  assert.equal(backoff(1, 0.5), 500);
  assert.equal(backoff(3, 0.5), 2000);
  assert.equal(backoff(50, 0.5), 15_000);
  assert.ok(backoff(4, 0) < backoff(4, 1));
  assert.ok(backoff(50, 1) < 20_000);
});
