import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readAsk, writeAsk } from '../../src/Reactor.Web/lib/ask.js';

test('A deep link names stream and way', () => {
  const ask = readAsk('?stream=live/a&via=ws');

  assert.equal(ask.stream, 'live/a');
  assert.equal(ask.via, 'ws');
});

test('A way that nobody knows is left to the page', () => {
  assert.equal(readAsk('?via=smoke').via, '');
});

test('Slashes around a stream are no part of its name', () => {
  assert.equal(readAsk('?stream=/city/park/cam7/').stream, 'city/park/cam7');
});

test('A switch is on without a value, and off with 0', () => {
  assert.equal(readAsk('?embed').embed, true);
  assert.equal(readAsk('?embed=1&muted=0').muted, false);
  assert.equal(readAsk('').embed, false);
});

test('Whatever else stands in the link is for the server', () => {
  const ask = readAsk('?stream=live/a&token=x%26y&via=flv&sign=1-ab');

  assert.equal(ask.passOn, 'token=x%26y&sign=1-ab');
});

test('What was read is written again', () => {
  for (const query of ['', '?stream=live/a', '?stream=live/a&via=hls&embed=1&muted=1&token=x',
    '?stream=live/%C3%A4%20%26&server=http://h:7001']) {
    assert.equal(writeAsk(readAsk(query)), query);
  }
});
