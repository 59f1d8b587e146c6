import type { Dice } from '../smoke/world/dice.ts';

/** What is done to the system while devices press. */
export const BLOWS = [
  'kill-gateway',
  'restart-gateway',
  'freeze-gateway',
  'kill-redis',
  'freeze-redis',
  'kill-postgres',
  'cut-devices',
  'cut-console',
  'step-clock',
  'fill-disk',
] as const;
export type BlowName = (typeof BLOWS)[number];

export type Blow = {
  readonly name: BlowName;
  /** Milliseconds of quiet before it. */
  readonly afterMs: number;
  /** How long what was hit stays down, frozen or full. */
  readonly forMs: number;
  /** Which gateway, 0 for the first. */
  readonly gateway: number;
  /** For the clock: by how much, either way. */
  readonly stepMs: number;
};

const HOUR = 3_600_000;

/** One blow after the other, drawn from the seed alone. */
export function drawBlow({ roll }: Dice, gateways: number): Blow {
  const name = BLOWS[Math.floor(roll() * BLOWS.length)] ?? 'kill-gateway';
  return {
    name,
    afterMs: Math.floor(roll() * 600),
    // Mostly short, now and then longer than every time limit on the way.
    forMs: Math.floor(roll() < 0.8 ? roll() * 1_500 : 1_500 + roll() * 6_000),
    gateway: Math.floor(roll() * gateways),
    stepMs: Math.floor((roll() - 0.5) * 2 * HOUR),
  };
}
