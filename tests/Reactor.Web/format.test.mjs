import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as format from '../../src/Reactor.Web/lib/format.js';

function reads(actual, expected) {
  assert.equal(actual.replaceAll('\u00a0', ' '), expected);
}

test('Bitrates have two digits that count', () => {
  reads(format.bitrate(64), '64 kbit/s');
  reads(format.bitrate(2300), '2.3 Mbit/s');
  reads(format.bitrate(999.6), '1.0 Mbit/s');
  reads(format.bitrate(18400), '18 Mbit/s');
  reads(format.bitrate(2_500_000), '2.5 Gbit/s');
});

test('Bytes are counted in powers of two', () => {
  reads(format.bytes(512), '512 B');
  reads(format.bytes(1_572_864), '1.5 MiB');
  reads(format.bytes(88e6), '84 MiB');
});

test('Durations show their two largest units', () => {
  reads(format.duration(0.4), '0 s');
  reads(format.duration(59.9), '59 s');
  reads(format.duration(3600), '1 h');
  reads(format.duration(4000), '1 h 6 min');
  reads(format.duration(93784), '1 d 2 h');
});

test('Frame rates are whole', () => {
  reads(format.frameRate(24.98), '25 fps');
  reads(format.frameRate(59.94), '60 fps');
  reads(format.frameRate(0), format.UNKNOWN);
});

test('Small numbers keep a fraction', () => {
  reads(format.latency(0.84), '0.8 s');
  reads(format.milliseconds(1.234), '1.2 ms');
  reads(format.share(0.123), '12 %');
  reads(format.share(0.004), '0.4 %');
  reads(format.pace(1.05), '× 1.05');
});

test('What is not known is a dash', () => {
  for (const write of ['bitrate', 'bytes', 'duration', 'frameRate', 'latency', 'milliseconds',
    'share', 'count'])
    assert.equal(format[write](null), format.UNKNOWN, write);
  assert.equal(format.size(null, 720), '');
});

test('One viewer is not several', () => {
  assert.equal(format.counted(1, 'viewer'), '1 viewer');
  assert.equal(format.counted(1234, 'viewer'), '1,234 viewers');
});
