// Keeps the picture close to the live edge, and far enough from it not to stop at each hiccup.
//
//     ◄───────────── what is buffered ─────────────►
//     picture                                      end
//        │ ahead of the picture: faster above target + SLACK, slower below LOW of it,
//        │ and beyond target + JUMP straight to the target
//
// The target is learnt: each stop moves it away from the edge, quiet time moves it back.

const SLACK = 0.3;          // seconds over the target that are left alone
const JUMP = 3;             // seconds over the target that nobody wants to hear sped up
const START_JUMP = 0.4;     // at the start nothing has been seen yet: a jump costs nothing
const LOW = 0.35;           // share of the target below which the picture slows down
const FASTER_MAX = 0.12;    // with pitch kept, speech at 1.12 is hardly noticed
const SLOWER = 0.04;
const STOP_COSTS = 0.4;     // seconds that a stop adds to the target
const QUIET_MS = 30000;     // without a stop, after which the target comes closer again
const QUIET_GAIN = 0.2;

export const TARGET_MIN = 0.6;
export const TARGET_MAX = 4;

export class Pace {
  #chasing = false;
  #quietSince = null;
  #isFirst = true;

  /** Seconds that should lie ahead of the picture. */
  target = TARGET_MIN;

  /**
   * @param {number} now milliseconds of a steady clock
   * @param {number} ahead seconds that are buffered ahead of the picture
   * @returns {{ rate: number, jump: number }} the playback rate, and seconds to jump ahead (or 0)
   */
  advise(now, ahead) {
    this.#relax(now);
    const over = ahead - this.target;
    if (over > (this.#isFirst ? START_JUMP : JUMP)) {
      this.#chasing = false;
      this.#isFirst = false;
      return { rate: 1, jump: over };
    }
    if (ahead >= this.target)
      this.#isFirst = false;

    if (over > SLACK)
      this.#chasing = true;
    else if (over <= 0)
      this.#chasing = false;
    if (this.#chasing)
      return { rate: 1 + Math.min(FASTER_MAX, over * 0.15 + 0.02), jump: 0 };
    return { rate: ahead < this.target * LOW ? 1 - SLOWER : 1, jump: 0 };
  }

  /** The picture stopped for want of data. */
  stopped(now) {
    this.target = Math.min(TARGET_MAX, this.target + STOP_COSTS);
    this.#quietSince = now;
  }

  #relax(now) {
    this.#quietSince ??= now;
    if (now - this.#quietSince < QUIET_MS)
      return;
    this.target = Math.max(TARGET_MIN, this.target - QUIET_GAIN);
    this.#quietSince = now;
  }
}
