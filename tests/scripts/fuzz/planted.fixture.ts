import { seedsOf, type Target } from '../../../scripts/fuzz/target.ts';

const kept: Uint8Array[] = [];

/** Decoders that are broken on purpose, each in its way, and one that is not. */
export const TARGETS: readonly Target[] = [
  { name: 'well', seeds: seedsOf('{}'), open: () => () => undefined },
  {
    name: 'throws',
    seeds: seedsOf('{}'),
    open: () => (input) => {
      if (input.includes(0x7d)) throw new TypeError('a closing bracket');
    },
  },
  {
    name: 'hangs',
    seeds: seedsOf('{}'),
    open: () => (input) => {
      for (let n = 0; input.includes(0x7d); n++) if (n < 0) return;
    },
  },
  { name: 'grows', seeds: seedsOf('{}'), open: () => () => void kept.push(new Uint8Array(64 * 1024).fill(1)) },
];
