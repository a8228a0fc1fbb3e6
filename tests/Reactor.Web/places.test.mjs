import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linksTo, waysToPublish } from '../../src/Reactor.Web/lib/links.js';
import { placesOf } from '../../src/Reactor.Web/lib/places.js';

const A = { app: 'live', name: 'a' };
const PAGE = 'http://edge:7001/?stream=live/a';

test('Without a word from the server the usual ports hold', () => {
  const places = placesOf(PAGE, '');

  assert.equal(places.flv(A), 'http://edge:7001/live/a.flv');
  assert.equal(places.ws(A), 'ws://edge:7001/live/a.flv');
  assert.equal(places.hls(A), 'http://edge:7002/live/a.m3u8');
  assert.equal(places.rtmp(A), 'rtmp://edge/live/a');
});

test('Ports that the server tells are used with the host of the page', () => {
  const places = placesOf('http://edge:9000/', '',
    { rtmp_port: 1936, flv: { port: 8001 }, hls: { port: 8002 }, here: ['player'] });

  assert.equal(places.flv(A), 'http://edge:8001/live/a.flv');
  assert.equal(places.hls(A), 'http://edge:8002/live/a.m3u8');
  assert.equal(places.rtmp(A), 'rtmp://edge:1936/live/a');
});

test('A page by TLS asks and links by TLS where that is offered', () => {
  const told = {
    rtmp_port: 1935, rtmps_port: 1936, flv: { port: 7001, tls_port: 8443 }, hls: { port: 7002 },
    here: ['player'],
  };
  const secure = placesOf('https://edge:9443/', '', told);
  const plain = placesOf('http://edge:9000/', '', told);

  assert.equal(secure.flv(A), 'https://edge:8443/live/a.flv');
  assert.equal(secure.ws(A), 'wss://edge:8443/live/a.flv');
  assert.equal(secure.hls(A), 'http://edge:7002/live/a.m3u8', 'what there is');
  assert.equal(secure.rtmp(A), 'rtmps://edge:1936/live/a');
  assert.equal(plain.flv(A), 'http://edge:7001/live/a.flv');
  assert.equal(plain.rtmp(A), 'rtmp://edge/live/a');
});

test('What is offered by TLS alone is asked for and linked so', () => {
  const places = placesOf('http://edge:9000/', '',
    { rtmps_port: 443, flv: { tls_port: 8443 }, hls: null, here: ['player'] });

  assert.equal(places.flv(A), 'https://edge:8443/live/a.flv');
  assert.equal(places.rtmp(A), 'rtmps://edge/live/a');
});

test('Behind a proxy, roles of the same listener are asked for at the address of the page', () => {
  const places = placesOf('https://tv.example/', '',
    { flv: { port: 7001 }, hls: { port: 7001 }, here: ['flv', 'hls', 'player'] });

  assert.equal(places.flv(A), 'https://tv.example/live/a.flv');
  assert.equal(places.ws(A), 'wss://tv.example/live/a.flv');
  assert.equal(places.hls(A), 'https://tv.example/live/a.m3u8');
});

test('Paths that the server gives a stream go before made ones', () => {
  const places = placesOf(PAGE, '', { here: ['flv'], hls: { port: 7002 } });
  const stream = { ...A, flv: '/x/y.flv', ws: 'ws://other:1/z.flv', hls: 'http://cdn/z.m3u8' };

  assert.equal(places.flv(stream), 'http://edge:7001/x/y.flv');
  assert.equal(places.ws(stream), 'ws://other:1/z.flv');
  assert.equal(places.hls(stream), 'http://cdn/z.m3u8');
});

test('An address that is no web address is not followed', () => {
  const places = placesOf(PAGE, '');

  assert.equal(places.flv({ ...A, flv: 'javascript:alert(1)' }), 'http://edge:7001/live/a.flv');
  assert.equal(placesOf(PAGE, 'javascript:alert(1)').api, 'http://edge:7001');
});

test('Another server may be named with or without its scheme', () => {
  assert.equal(placesOf(PAGE, 'http://box:7001').api, 'http://box:7001');
  assert.equal(placesOf(PAGE, 'box:7001').api, 'http://box:7001');
  assert.equal(placesOf(PAGE, 'box:7001').rtmp(A), 'rtmp://box/live/a');
});

test('Names are escaped, an app of several parts keeps its slashes', () => {
  const stream = { app: 'city/park', name: 'cam 7?#ä' };

  assert.equal(placesOf(PAGE, '').flv(stream),
    'http://edge:7001/city/park/cam%207%3F%23%C3%A4.flv');
});

test('An address of IPv6 keeps its brackets', () => {
  assert.equal(placesOf('http://[::1]:7001/', '').hls(A), 'http://[::1]:7002/live/a.m3u8');
});

test('A token goes along with every request for media', () => {
  const places = placesOf(PAGE, '');

  assert.equal(places.flv({ ...A, flv: '/a.flv?x=1' }, 'token=t'),
    'http://edge:7001/a.flv?x=1&token=t');
  assert.equal(places.rtmp(A, 'token=t'), 'rtmp://edge/live/a?token=t');
});

test('Links are what one pastes, a shell included', () => {
  const links = linksTo(placesOf(PAGE, '', { hls: null }), A, "t=1&u='");

  assert.deepEqual(links.map(({ name }) => name), ['ffplay', 'VLC', 'OBS']);
  assert.equal(links[0].text,
    String.raw`ffplay -fflags nobuffer -flags low_delay 'rtmp://edge/live/a?t=1&u='\'''`);
  assert.equal(links[1].text, "http://edge:7001/live/a.flv?t=1&u='");
});

test('HLS is offered unless the server says that it makes none', () => {
  assert.equal(linksTo(placesOf(PAGE, ''), A).at(-1).text, 'http://edge:7002/live/a.m3u8');
});

test('Who sees an empty list is told how to publish', () => {
  const [ffmpeg, server, key] = waysToPublish(placesOf(PAGE, '', { rtmp_port: 1936 }));

  assert.match(ffmpeg.text, / rtmp:\/\/edge:1936\/live\/a$/);
  assert.equal(server.text, 'rtmp://edge:1936/live');
  assert.equal(key.text, 'a');
});
