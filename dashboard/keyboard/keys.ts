export type KeyCommand =
  | 'next'
  | 'previous'
  | 'open'
  | 'back'
  | 'claim'
  | 'note'
  | 'resolve'
  | 'by-hand'
  | 'mute'
  | 'help'
  | `call-${number}`;

export type KeyPress = {
  readonly key: string;
  readonly hasModifier: boolean;
  /** Focus stands in something that takes text or chooses by letters. */
  readonly isTyping: boolean;
  /** A dialog is open: only its own keys count. */
  readonly isInDialog: boolean;
  /** Focus stands on something that Enter presses. */
  readonly isOnControl: boolean;
  readonly areSingleKeysOn: boolean;
};

const LETTERS: Readonly<Record<string, KeyCommand>> = {
  j: 'next',
  k: 'previous',
  c: 'claim',
  n: 'note',
  r: 'resolve',
  h: 'by-hand',
  m: 'mute',
  '?': 'help',
};

/** What a key means here, or null: letters never act while somebody types, and can be switched off (WCAG 2.1.4). */
export function readKey(press: KeyPress): KeyCommand | null {
  if (press.hasModifier || press.isInDialog) return null;
  if (press.key === 'Escape') return 'back';
  if (press.isTyping) return null;
  if (press.key === 'ArrowDown') return 'next';
  if (press.key === 'ArrowUp') return 'previous';
  if (press.key === 'Enter') return press.isOnControl ? null : 'open';
  if (!press.areSingleKeysOn) return null;
  if (/^[0-9]$/.test(press.key)) return `call-${Number(press.key)}`;
  return LETTERS[press.key.toLowerCase()] ?? null;
}
