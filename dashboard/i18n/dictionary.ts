import type { incident } from './zh/incident.ts';
import type { queue } from './zh/queue.ts';
import type { shell } from './zh/shell.ts';
import type { vitals } from './zh/vitals.ts';
import type { words } from './zh/words.ts';

/** Chinese is the first language: its files say which keys there are, every other language must have the same. */
export type Words = typeof words;
export type Shell = typeof shell;
export type Queue = typeof queue;
export type IncidentWords = typeof incident;
export type VitalsWords = typeof vitals;

export type Dictionary = {
  readonly words: Words;
  readonly shell: Shell;
  readonly queue: Queue;
  readonly incident: IncidentWords;
  readonly vitals: VitalsWords;
};
