/** Repeatable chance: the same seed gives the same sequence on every machine. */

/** Draws that depend on nothing but the seed. */
export interface Dice {
  /** Next number in [0, 1). */
  next(): number;
  /** Whole number from `min` to `max`, both included. */
  int(min: number, max: number): number;
  /** true in `share` of the draws. */
  chance(share: number): boolean;
  /** One item of a list that is not empty. @throws RangeError on an empty list. */
  pick<T>(list: readonly T[]): T;
}

/**
 * Dice for a seed and, optionally, one numbered item, so that item 700 is the same whether or not items 1–699 were drawn.
 *
 * The generator is a 32-bit multiply-and-shift mixer over a counter: far from secure, evenly spread, fast.
 */
export function dice(seed: number, item = 0): Dice {
  let state = mix(mix(seed | 0) ^ Math.imul(item + 1, 0x9e3779b1));
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    return (mix(state) >>> 0) / 4_294_967_296;
  };
  const int = (min: number, max: number) => min + Math.floor(next() * (max - min + 1));
  return {
    next,
    int,
    chance: (share) => next() < share,
    pick: (list) => {
      const item = list[int(0, list.length - 1)];
      if (item === undefined) throw new RangeError("nothing to pick from");
      return item;
    },
  };
}

function mix(value: number): number {
  let bits = value;
  bits = Math.imul(bits ^ (bits >>> 16), 0x21f0aaad);
  bits = Math.imul(bits ^ (bits >>> 15), 0x735a2d97);
  return bits ^ (bits >>> 15);
}
