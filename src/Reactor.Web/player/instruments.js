// The numbers under the picture, and two drawings of how near it is to the live edge.

import { byId, setText } from '../lib/dom.js';
import { UNKNOWN, bitrate, count, frameRate, latency, pace, size } from '../lib/format.js';
import { History, Rate } from '../lib/history.js';
import { canvasFor, colorsOf } from '../lib/canvas.js';

const MINUTE_MS = 60000;
const RATE_MS = 2000;

export class Instruments {
  #trace = new History(MINUTE_MS);
  #frames = new Rate();
  #bytes = new Rate();
  #ratesAt = 0;
  #fps = null;
  #kbps = null;
  #stops = 0;
  #dropped = 0;

  /** Another stream, or another way: numbers begin anew. */
  reset() {
    this.#trace = new History(MINUTE_MS);
    this.#frames = new Rate();
    this.#bytes = new Rate();
    this.#fps = this.#kbps = null;
    this.#stops = this.#dropped = 0;
  }

  /** The picture stopped for want of data. */
  stopped() {
    this.#stops++;
  }

  /**
   * @param {object} measures from Watching.measure
   * @param {number | null} toldKbps what the server says, where the browser cannot count
   */
  render(now, measures, toldKbps) {
    this.#measureRates(now, measures, toldKbps);
    this.#trace.add(now, {
      latency: measures.latency,
      dropped: Math.max(0, measures.dropped - this.#dropped),
    });
    this.#dropped = measures.dropped;

    setText(byId('g-latency'), latency(measures.latency));
    setText(byId('g-ahead'), measures.latency === null
      ? UNKNOWN
      : `${measures.ahead.toFixed(1)} of ${measures.target.toFixed(1)} s`);
    setText(byId('g-pace'), measures.latency === null ? UNKNOWN : pace(measures.rate));
    setText(byId('g-picture'), size(measures.width, measures.height) || UNKNOWN);
    setText(byId('g-fps'), frameRate(this.#fps));
    setText(byId('g-dropped'), `${count(measures.dropped)} of ${count(measures.frames)}`);
    setText(byId('g-received'), bitrate(this.#kbps));
    setText(byId('g-stops'), count(this.#stops));
    drawLiveBar(byId('live-bar'), measures);
    drawTrace(byId('trace'), this.#trace, measures.target, now);
  }

  #measureRates(now, measures, toldKbps) {
    if (now - this.#ratesAt < RATE_MS)
      return;
    this.#ratesAt = now;
    this.#fps = this.#frames.next(now, measures.frames);
    const bytes = this.#bytes.next(now, measures.decodedBytes || null);
    this.#kbps = bytes !== null
      ? bytes * 8 / 1000
      : measures.latency === null ? null : toldKbps;
  }
}

/**
 * A ruler whose right end is the live edge: the mark is the picture on screen, the band what lies
 * ready ahead of it, and the gap behind the band what is still on its way.
 */
function drawLiveBar(canvas, { latency: behind, ahead, target }) {
  const { pen, width, height } = canvasFor(canvas);
  const colors = colorsOf(canvas);
  const span = [3, 6, 12, 30, 60].find((seconds) => (behind ?? 0) < seconds * 0.95) ?? 120;
  const right = width - 10;
  const x = (seconds) => right - seconds / span * (right - 10);
  const middle = 8;

  pen.font = '10px system-ui, sans-serif';
  pen.fillStyle = colors.muted;
  pen.textAlign = 'center';
  const step = span <= 6 ? 1 : span / 6;
  for (let mark = step; mark < span; mark += step) {
    pen.fillRect(x(mark), middle - 2, 1, 5);
    pen.fillText(`−${mark} s`, x(mark), height - 2);
  }
  pen.textAlign = 'right';
  pen.fillText('live', right + 2, height - 2);
  pen.fillStyle = colors.line;
  pen.fillRect(10, middle, right - 10, 1);
  if (behind === null)
    return;

  const picture = x(Math.min(behind, span));
  pen.fillStyle = colors.glow;
  pen.globalAlpha = 0.55;
  pen.fillRect(picture, middle - 1.5, Math.min(ahead, behind) / span * (right - 10), 4);
  pen.globalAlpha = 1;
  pen.fillRect(right, middle - 6, 2, 13);
  pen.fillStyle = colors.muted;
  pen.fillRect(x(target) - 0.5, middle - 4, 1, 9);
  pen.fillStyle = colors.ink;
  pen.beginPath();
  pen.arc(picture, middle + 0.5, 4.5, 0, 2 * Math.PI);
  pen.fill();
}

/** Latency over the last minute; pictures that were dropped are marks at the bottom. */
function drawTrace(canvas, history, target, now) {
  const { pen, width, height } = canvasFor(canvas);
  const colors = colorsOf(canvas);
  const top = Math.max(2, Math.ceil(history.max(['latency']) * 1.15));
  const left = 22;
  const x = (at) => width - (now - at) / MINUTE_MS * (width - left);
  const y = (seconds) => height - 6 - seconds / top * (height - 14);

  pen.font = '10px system-ui, sans-serif';
  pen.fillStyle = colors.muted;
  pen.fillText(`${top} s`, 0, y(top) + 4);
  pen.fillText('0', 0, y(0) + 4);
  pen.fillStyle = colors.line;
  pen.fillRect(left, y(0), width, 1);
  pen.fillRect(left, y(top), width, 1);
  pen.strokeStyle = colors.muted;
  pen.setLineDash([2, 4]);
  pen.beginPath();
  pen.moveTo(left, y(target));
  pen.lineTo(width, y(target));
  pen.stroke();
  pen.setLineDash([]);

  pen.strokeStyle = colors.glow;
  pen.lineWidth = 1.5;
  pen.beginPath();
  let isDrawing = false;
  for (const { at, latency: seconds } of history.samples) {
    if (seconds === null)
      isDrawing = false;
    else if (isDrawing)
      pen.lineTo(Math.max(left, x(at)), y(seconds));
    else
      pen.moveTo(Math.max(left, x(at)), y(seconds));
    isDrawing = seconds !== null;
  }
  pen.stroke();
  pen.fillStyle = colors.warm;
  for (const { at, dropped } of history.samples) {
    if (dropped > 0 && x(at) >= left)
      pen.fillRect(x(at) - 1, height - 5, 2, 5);
  }
}
