import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Feed, Refused, reasonIn } from '../../src/Reactor.Web/lib/feed.js';

test('The reason of a refusal is read from an envelope or from a line of text', () => {
  assert.equal(reasonIn('{"status":403,"data":"a token is needed"}'), 'a token is needed');
  assert.equal(reasonIn('live/a: nobody publishes it\n'), 'live/a: nobody publishes it');
});

test('A page of a proxy is no reason', () => {
  assert.equal(reasonIn('<html><body>502</body></html>'), '');
  assert.equal(reasonIn('one\ntwo'), '');
  assert.equal(reasonIn('{"status":500,"data":{}}'), '');
  assert.equal(reasonIn(''), '');
});

test('A refusal is told with its reason where there is one', () => {
  assert.equal(new Refused(403, 'not from here').message, 'The server answers 403: not from here');
  assert.equal(new Refused(502, '').message, 'The server answers 502');
});

test('Whoever asks while an answer is awaited has another one behind it', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  globalThis.document = { hidden: false, addEventListener() {} };
  const answers = [];
  const feed = new Feed(() => new Promise((answer) => answers.push(answer)), 2000, assert.fail);
  const answered = async (number) => {
    answers[number]();
    await new Promise(setImmediate);
    context.mock.timers.tick(1);
  };

  feed.now();
  feed.now();
  feed.now();
  assert.equal(answers.length, 1);
  await answered(0);
  assert.equal(answers.length, 2);
  await answered(1);
  assert.equal(answers.length, 2);
});
