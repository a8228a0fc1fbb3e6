// Builds both pages into dist/: names with their hash in them may be cached for ever, and each file
// has a copy compressed once and for all. Prints what a visitor downloads. An interrupted build
// leaves the last one as it was.
//   node build.js

import { build } from 'esbuild';
import { copyFile, mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { constants, gzipSync } from 'node:zlib';

const here = dirname(fileURLToPath(import.meta.url));
const final = join(here, 'dist');
const dist = join(here, 'dist.new');
const assets = join(dist, 'assets');

await rm(dist, { recursive: true, force: true });
await mkdir(assets, { recursive: true });

const built = await build({
  absWorkingDir: here,
  entryPoints: {
    player: 'player/main.js',
    console: 'console/main.js',
    'player-style': 'styles/player.css',
    'console-style': 'styles/console.css',
  },
  outdir: assets,
  bundle: true,
  splitting: true,              // the libraries are fetched only by whoever needs them
  format: 'esm',
  target: ['es2022', 'safari16'],
  minify: true,
  legalComments: 'linked',
  entryNames: '[name]-[hash]',
  chunkNames: '[name]-[hash]',
  metafile: true,
  logLevel: 'warning',
});

await copyFile(join(here, 'pages/icon.svg'), join(assets, 'icon.svg'));
const names = new Map([['icon.svg', 'icon.svg']]);
for (const [path, output] of Object.entries(built.metafile.outputs)) {
  const source = basename(output.entryPoint ?? '');
  const page = output.entryPoint?.startsWith('styles/')
    ? source
    : output.entryPoint?.replace('/main.js', '.js');
  if (page)
    names.set(page, basename(path));
}
for (const page of ['index.html', 'console.html']) {
  const text = await readFile(join(here, 'pages', page), 'utf8');
  await writeFile(join(dist, page), text
    .replace(/\s*<!--[^]*?-->/g, '')
    .replace(/(?<="assets\/)[^"]+/g, (name) => names.get(name) ?? fail(page, name)));
}

const files = (await readdir(dist, { recursive: true, withFileTypes: true }))
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
let total = 0;
for (const file of files.sort()) {
  const bytes = await readFile(file);
  const small = gzipSync(bytes, { level: constants.Z_BEST_COMPRESSION });
  await writeFile(`${file}.gz`, small);
  total += small.length;
  const name = file.slice(dist.length + 1);
  console.log(`${name.padEnd(36)} ${kb(bytes.length)} ${kb(small.length)} gz`);
}
await rm(final, { recursive: true, force: true });
await rename(dist, final);
console.log(`${'all'.padEnd(36)} ${''.padStart(8)} ${kb(total)} gz`);

function kb(count) {
  return `${(count / 1000).toFixed(1)} kB`.padStart(8);
}

function fail(page, name) {
  throw new Error(`${page} wants assets/${name}, which nothing builds`);
}
