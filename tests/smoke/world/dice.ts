export type Dice = {
  /** Evenly in [0, 1). */
  readonly roll: () => number;
  readonly seed: number;
};

/** Randomness that can be had again: the seed is printed, and ZHUJI_TEST_SEED repeats it. Mulberry32. */
export function createDice(chosen?: number): Dice {
  const given = process.env['ZHUJI_TEST_SEED'];
  const seed = chosen ?? (given === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(given));
  console.log(`ZHUJI_TEST_SEED=${seed}`);
  let state = seed;
  return {
    seed,
    roll: () => {
      state = (state + 0x6d2b79f5) | 0;
      let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
      mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    },
  };
}
