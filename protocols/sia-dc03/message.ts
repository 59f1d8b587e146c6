/**
 * What a panel says in SIA DC-03-1990 (data codes), as DC-09 carries it (`SIA-DCS`): blocks between `|`, in each modifiers and events between `/`.
 * A payload may hold several events.
 */
export type SiaPayload = {
  readonly events: readonly SiaEvent[];
  /** Of ASCII blocks (`A…`): free text, of what stood before it. */
  readonly text?: string;
};

export type SiaEvent = {
  /** Two capital letters: a code of `codes.ts`, or anything that only its maker knows. */
  readonly code: string;
  /** Digits behind the code: a zone, user, area or door, as the code says. */
  readonly zone?: string;
  /** An `O` block: told before. */
  readonly isOld: boolean;
  /** Between `^` and `^` (some makers: `*`). */
  readonly text?: string;
  /** Modifiers that stood before it in its block. `ti`: the panel's own time, `HH:MM` or `HH:MM:SS`, of no known zone. */
  readonly time?: string;
  readonly user?: string;
  readonly area?: string;
  readonly peripheral?: string;
};

/** `bad-field`: part of a block could not be read; the rest counts. `too-long`: there were more events than are read. */
export type SiaFault = { readonly code: 'bad-field' | 'too-long'; readonly path: string };

/** How a code is said. */
export type SiaWords = { readonly zh: string; readonly en: string };
