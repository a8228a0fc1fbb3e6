import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  readClients, readServer, readStreams, streamNamed,
} from '../../src/Reactor.Web/lib/streams.js';

test('A stream is read with all that the server tells', () => {
  const [stream] = readStreams({
    streams: [{
      app: 'live', name: 'a', codecs: { video: 'H264', audio: 'AAC' }, width: 1280, height: 720,
      fps: 25, bitrate_kbps: 2300, gop_seconds: 2, players: 3, seconds: 123.4, flv: '/live/a.flv',
      ws: '/live/a.flv', hls: '/live/a.m3u8', hls_container: 'mp4',
      publisher: { id: 17, address: '192.0.2.1:5' },
    }],
  });

  assert.deepEqual(stream, {
    key: 'live/a', app: 'live', name: 'a', video: 'H264', audio: 'AAC', width: 1280, height: 720,
    fps: 25, kbps: 2300, gop: 2, players: 3, seconds: 123.4, publisher: '17',
    address: '192.0.2.1:5', bytesIn: null, flv: '/live/a.flv', ws: '/live/a.flv',
    hls: '/live/a.m3u8', hlsIsMp4: true, waysOff: [],
  });
});

test('What is missing or of another type is unknown, not an error', () => {
  const [stream] = readStreams({
    streams: [{ app: 'live', name: 'a', codecs: null, width: '1280', fps: -1, players: NaN }],
  });

  assert.equal(stream.video, '');
  assert.equal(stream.width, null);
  assert.equal(stream.fps, null);
  assert.equal(stream.players, null);
});

test('A way that is told as null is one that the server has not got', () => {
  const [stream] = readStreams({ streams: [{ app: 'live', name: 'a', ws: null, hls: null }] });

  assert.deepEqual(stream.waysOff, ['ws', 'hls']);
  assert.equal(stream.hls, '');
});

test('An answer that is no list is an empty list', () => {
  for (const answer of [null, undefined, {}, [], 'x', { streams: 1 }, { streams: [null, 1, {}] }])
    assert.deepEqual(readStreams(answer), []);
});

test('The older list of publishers is read too (S4.18)', () => {
  const streams = readStreams({ publishers: [{ key: 'city/park/cam7', id: 'x' }], players: [] });

  assert.equal(streams[0].app, 'city/park');
  assert.equal(streams[0].name, 'cam7');
});

test('Streams are listed by name, and not while nobody publishes them', () => {
  const streams = readStreams({
    streams: [
      { app: 'b', name: 'x' }, { app: 'a', name: 'x', live: false }, { app: 'a', name: 'y' },
    ],
  });

  assert.deepEqual(streams.map(({ key }) => key), ['a/y', 'b/x']);
});

test('A stream that is only named is in the app live unless it says so', () => {
  assert.equal(streamNamed('a').key, 'live/a');
  assert.equal(streamNamed('city/park/cam7').app, 'city/park');
});

test('Connections are counted by what they have in common', () => {
  const server = readServer({ connections: { rtmp: 2, rtmps: 1, http: 4, ws: 3, odd: 'x' } });

  assert.equal(server.rtmp, 3);
  assert.equal(server.http, 7);
});

test('Clients and server are read as tolerantly', () => {
  const [client] = readClients({ clients: [{ id: 5, role: 'player', app: 'live', name: 'a' }, 7] });

  assert.equal(client.id, '5');
  assert.equal(client.stream, 'live/a');
  assert.equal(client.lagMs, null);
  assert.deepEqual(readClients(null), []);
  assert.equal(readServer(null).busy, null);
  assert.equal(readServer(null).rtmp, null);
  assert.equal(readServer({ loop: { busy_share: 0.25 } }).busy, 0.25);
});
