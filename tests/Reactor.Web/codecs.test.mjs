import assert from 'node:assert/strict';
import { test } from 'node:test';
import { abilitiesOf, bestWay, nameOf, obstacle } from '../../src/Reactor.Web/lib/codecs.js';

const hasNoHevc = (type) => type !== '' && !type.includes('hvc1');
const CHROME = { mediaSource: true, nativeHls: false, decodes: hasNoHevc };
const SAFARI = { mediaSource: true, nativeHls: true, decodes: (type) => !type.includes('vp8') };
const OLD_IPHONE = { mediaSource: false, nativeHls: true, decodes: () => true };
const NOTHING = { mediaSource: false, nativeHls: false, decodes: () => false };

const of = (video, audio = 'AAC') => ({ video, audio });

test('H.264 with AAC plays everywhere and every way', () => {
  for (const via of ['flv', 'ws', 'hls']) {
    assert.equal(obstacle(of('H264'), via, CHROME), null);
    assert.equal(obstacle(of('H264'), via, SAFARI), null);
  }
  assert.equal(bestWay(of('H264'), CHROME, []), 'flv');
});

test('HEVC without a decoder is told, with what to do', () => {
  const { why, what } = obstacle(of('hvc1'), 'flv', CHROME);

  assert.match(why, /cannot decode H\.265/);
  assert.match(what, /VLC/);
});

test('HEVC in TS is for Safari only', () => {
  const decodesAll = { ...CHROME, decodes: () => true };

  assert.match(obstacle(of('HEVC'), 'hls', decodesAll).what, /FLV/);
  assert.equal(obstacle(of('HEVC'), 'hls', SAFARI), null);
});

test('What TS cannot carry goes through HLS of MP4', () => {
  const decodesAll = { ...CHROME, decodes: () => true };
  const vp9 = { ...of('VP9', 'OPUS'), hlsIsMp4: true };

  assert.equal(obstacle(vp9, 'hls', decodesAll), null);
  assert.match(obstacle(vp9, 'flv', decodesAll).what, /HLS/);
  assert.equal(bestWay(vp9, decodesAll, []), 'hls');
  assert.match(obstacle(of('VP9', 'OPUS'), 'hls', decodesAll).what, /RTMP/);
});

test('A phone without Media Source Extensions plays HLS (Q66)', () => {
  assert.equal(bestWay(of('H264'), OLD_IPHONE, []), 'hls');
  assert.match(obstacle(of('H264'), 'flv', OLD_IPHONE).what, /HLS/);
});

test('Where nothing plays, links do', () => {
  assert.match(obstacle(of('H264'), 'flv', NOTHING).what, /links/);
});

test('The first way is chosen that server and browser have, and else the least bad', () => {
  const noFlac = { ...SAFARI, decodes: (type) => !type.includes('flac') };

  assert.equal(bestWay(of('H264', 'FLAC'), noFlac, []), 'flv');
  assert.equal(bestWay(of('H264'), OLD_IPHONE, ['hls']), 'hls');
  assert.equal(bestWay(of('H264'), CHROME, ['flv']), 'ws');
  assert.equal(bestWay(of('H264'), CHROME, ['flv', 'ws']), 'hls');
});

test('A sound that no browser decodes is named', () => {
  assert.match(obstacle(of('H264', 'SPEEX'), 'flv', CHROME).why, /Speex/);
  assert.match(obstacle(of('H264', 'EAC3'), 'flv', CHROME).why, /E-AC-3/);
});

test('A codec that is not known here is tried', () => {
  assert.equal(obstacle(of('H999', ''), 'flv', CHROME), null);
});

test('Codecs are shown as people write them', () => {
  assert.equal(nameOf('avc1'), 'H.264');
  assert.equal(nameOf('H265'), 'H.265 (HEVC)');
  assert.equal(nameOf('what'), 'what');
});

test('A browser that can do both plays HLS by itself only if it is Safari', () => {
  const browser = (video, mediaSource) => ({
    MediaSource: mediaSource ? { isTypeSupported: () => true } : undefined,
    document: { createElement: () => ({ canPlayType: () => 'maybe', ...video }) },
  });

  assert.equal(abilitiesOf(browser({}, true)).nativeHls, false);
  assert.equal(abilitiesOf(browser({ webkitSetPresentationMode: null }, true)).nativeHls, true);
  assert.equal(abilitiesOf(browser({}, false)).nativeHls, true);
  assert.equal(abilitiesOf(browser({}, false)).mediaSource, false);
});
