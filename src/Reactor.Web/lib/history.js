// The last minutes of some numbers, for the charts. A number that was not told is a gap.

export class History {
  #samples = [];

  /** @param {number} spanMs older samples are forgotten */
  constructor(spanMs) {
    this.spanMs = spanMs;
  }

  /** Oldest first; each has `at` in milliseconds and the numbers that it was added with. */
  get samples() {
    return this.#samples;
  }

  get last() {
    return this.#samples.at(-1) ?? null;
  }

  add(at, numbers) {
    this.#samples.push({ at, ...numbers });
    // One sample before the span is kept, so that a line begins at the chart's edge.
    while (this.#samples.length > 1 && this.#samples[1].at <= at - this.spanMs)
      this.#samples.shift();
  }

  /** The largest of these numbers, at least `least`. */
  max(names, least = 0) {
    return this.#samples.reduce(
      (max, sample) => names.reduce((most, name) => Math.max(most, sample[name] ?? 0), max),
      least);
  }
}

/**
 * Turns a counter into a rate per second. A counter that went back (the server was started anew)
 * gives no rate that once.
 */
export class Rate {
  #count = null;
  #at = 0;

  /** @returns {number | null} per second; null for the first, or while it is not told */
  next(at, count) {
    const before = this.#count;
    const seconds = (at - this.#at) / 1000;
    this.#count = count;
    this.#at = at;
    if (before === null || count === null || count < before || seconds <= 0)
      return null;
    return (count - before) / seconds;
  }
}

/**
 * The top of an axis: 1, 2 or 5 times a power of ten of the unit, at or above the value.
 * @param {number} unit as 1048576 for an axis in MiB
 */
export function niceCeiling(value, unit = 1) {
  if (!(value > 0))
    return unit;
  const power = 10 ** Math.floor(Math.log10(value / unit));
  const step = [1, 2, 5, 10].find((digit) => digit * power >= value / unit * (1 - 1e-9));
  return step * power * unit;
}
