// A chart of the last minutes, by hand: at most two series over one axis, the first filled. The
// caption shows the newest numbers, or those under the pointer.

import { canvasFor, colorsOf } from '../lib/canvas.js';
import { element, setText } from '../lib/dom.js';
import { niceCeiling } from '../lib/history.js';

const FOOT = 16;                // for the labels of time
const HEAD = 6;

export class Chart {
  #history;
  #series;
  #least;
  #unit;
  #canvas = element('canvas', { 'aria-hidden': 'true' });
  #values;
  #pointer = null;              // x in CSS pixels, while a pointer is over the chart

  /**
   * @param {string} title
   * @param {import('../lib/history.js').History} history
   * @param {Array<{ name: string, label: string, format: (value) => string }>} series
   * @param {number} least the axis reaches at least this far, so that silence looks like silence
   * @param {number} unit of the axis's labels, for numbers that are not read in tens
   */
  constructor(title, history, series, least, unit = 1) {
    this.#history = history;
    this.#series = series;
    this.#least = least;
    this.#unit = unit;
    this.#values = series.map(() => element('b'));
    this.node = element('figure', { class: 'chart' },
      element('figcaption', {}, element('span', { class: 'title' }, title),
        ...series.map((one, index) =>
          element('span', { class: 'series' }, `${one.label} `, this.#values[index]))),
      this.#canvas);
    this.#canvas.addEventListener('pointermove', (event) => {
      this.#pointer = event.offsetX;
      this.draw(performance.now());
    });
    this.#canvas.addEventListener('pointerleave', () => {
      this.#pointer = null;
      this.draw(performance.now());
    });
  }

  draw(now) {
    const { pen, width, height } = canvasFor(this.#canvas);
    const colors = colorsOf(this.#canvas);
    const names = this.#series.map(({ name }) => name);
    const top = niceCeiling(this.#history.max(names, this.#least), this.#unit);
    const span = this.#history.spanMs;
    const x = (at) => width - (now - at) / span * width;
    const y = (value) => height - FOOT - value / top * (height - FOOT - HEAD);

    this.#drawAxes(pen, colors, width, y, top, span);
    [...this.#series].reverse().forEach(({ name }) => {
      const isFirst = name === names[0];
      const color = isFirst ? colors.glow : colors.muted;
      for (const run of runsOf(this.#history.samples, name))
        drawRun(pen, run.map(({ at, value }) => [x(at), y(value)]), color, isFirst ? y(0) : null);
    });
    this.#tell(pen, colors, x, y);
  }

  #drawAxes(pen, colors, width, y, top, span) {
    pen.fillStyle = colors.line;
    pen.fillRect(0, y(0), width, 1);
    pen.fillRect(0, y(top), width, 1);
    pen.font = '10px system-ui, sans-serif';
    pen.fillStyle = colors.muted;
    pen.fillText(this.#series[0].format(top), 0, y(top) + 12);
    const labelAt = y(0) + 13;
    pen.fillText(`−${Math.round(span / 60000)} min`, 0, labelAt);
    pen.textAlign = 'right';
    pen.fillText('now', width, labelAt);
    pen.textAlign = 'left';
  }

  #tell(pen, colors, x, y) {
    const { samples } = this.#history;
    const sample = this.#pointer === null
      ? samples.at(-1)
      : nearest(samples, (one) => Math.abs(x(one.at) - this.#pointer));
    this.#series.forEach(({ name, format }, index) => {
      const value = sample?.[name] ?? null;
      setText(this.#values[index], format(value));
      if (this.#pointer === null || value === null)
        return;
      pen.fillStyle = colors.line;
      pen.fillRect(x(sample.at), HEAD, 1, y(0) - HEAD);
      pen.fillStyle = index === 0 ? colors.glow : colors.muted;
      pen.beginPath();
      pen.arc(x(sample.at) + 0.5, y(value), 3, 0, 2 * Math.PI);
      pen.fill();
    });
  }
}

/** The stretches without a gap. */
function runsOf(samples, name) {
  const runs = [[]];
  for (const sample of samples) {
    const value = sample[name] ?? null;
    if (value !== null)
      runs.at(-1).push({ at: sample.at, value });
    else if (runs.at(-1).length > 0)
      runs.push([]);
  }
  return runs.filter((run) => run.length > 0);
}

/** @param {number | null} floor where a filled area ends; null for a line alone */
function drawRun(pen, points, color, floor) {
  const trace = () => {
    pen.beginPath();
    points.forEach(([px, py], index) => (index === 0 ? pen.moveTo(px, py) : pen.lineTo(px, py)));
  };
  if (floor !== null) {
    trace();
    pen.lineTo(points.at(-1)[0], floor);
    pen.lineTo(points[0][0], floor);
    pen.globalAlpha = 0.16;
    pen.fillStyle = color;
    pen.fill();
    pen.globalAlpha = 1;
  }
  trace();
  pen.strokeStyle = color;
  pen.lineWidth = 1.5;
  pen.lineJoin = 'round';
  pen.stroke();
}

function nearest(items, distance) {
  return items.reduce((best, item) =>
    (best === undefined || distance(item) < distance(best) ? item : best), undefined);
}
