// Where the live edge is, although nobody tells: the newest media that could have arrived by now.
//
//   media time
//     │            ● ●  ← what arrived earliest for its time: the edge runs through it,
//     │        ● ●        at the pace of the wall clock
//     │    ● ●        ○ ○ ← arrived late: the way was slow, the edge has moved on
//     └──────────────────── wall clock
//
// So latency counts what waits in the buffer, and also what is still held up on the way. The
// encoder's own delay before the server is in no number of a player's.

const WINDOW_MS = 30000;

export class LiveEdge {
  #seen = [];               // { at, lead } with falling lead: a sliding maximum over the window

  /**
   * @param {number} now milliseconds of a steady clock
   * @param {number} end media seconds up to which the buffer is filled
   */
  observe(now, end) {
    const lead = end - now / 1000;
    while (this.#seen.length > 0 && this.#seen.at(-1).lead <= lead)
      this.#seen.pop();
    this.#seen.push({ at: now, lead });
    // Clocks drift, and a publisher that paused is behind for good: old sightings expire.
    while (this.#seen[0].at < now - WINDOW_MS)
      this.#seen.shift();
  }

  /** Media seconds at the edge; null before the first observation. */
  at(now) {
    return this.#seen.length > 0 ? this.#seen[0].lead + now / 1000 : null;
  }

  /** Seconds from the edge back to what is on screen; null while unknown. */
  latency(now, currentTime) {
    const edge = this.at(now);
    return edge === null ? null : Math.max(0, edge - currentTime);
  }

  /** Forgets all: another stream, or another clock. */
  reset() {
    this.#seen = [];
  }
}
