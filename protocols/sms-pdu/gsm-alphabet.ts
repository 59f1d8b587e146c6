/** GSM 7 bit default alphabet (3GPP TS 23.038 §6.2.1), by its codes 0x00 to 0x7F; 0x1B is the way to the extension. */
const DEFAULT_ALPHABET =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u001BÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?' +
  '¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';

const ESCAPE = 0x1b;

/** Extension table (§6.2.1.1): code behind an escape → character. */
const EXTENSION: ReadonlyMap<number, string> = new Map([
  [0x0a, '\f'],
  [0x14, '^'],
  [0x28, '{'],
  [0x29, '}'],
  [0x2f, '\\'],
  [0x3c, '['],
  [0x3d, '~'],
  [0x3e, ']'],
  [0x40, '|'],
  [0x65, '€'],
]);

/** Without the escape: it is no character. */
const CODES: ReadonlyMap<string, readonly number[]> = new Map<string, readonly number[]>([
  ...[...DEFAULT_ALPHABET]
    .map((character, code) => [character, [code]] as const)
    .filter(([, [code]]) => code !== ESCAPE),
  ...[...EXTENSION].map(([code, character]) => [character, [ESCAPE, code]] as const),
]);

/** The septets of one character: one, or two behind an escape. Null where the alphabet has it not. */
export function septetsOfCharacter(character: string): readonly number[] | null {
  return CODES.get(character) ?? null;
}

/** Null where a character is not in the alphabet. */
export function septetsOfText(text: string): number[] | null {
  const septets: number[] = [];
  for (const character of text) {
    const codes = septetsOfCharacter(character);
    if (codes === null) return null;
    septets.push(...codes);
  }
  return septets;
}

/** Total: an unknown code behind an escape is read in the default table, an escape at the end as a space (§6.2.1.1). */
export function textOfSeptets(septets: readonly number[]): string {
  let text = '';
  let isEscaped = false;
  for (const septet of septets) {
    if (septet === ESCAPE) {
      text += isEscaped ? ' ' : '';
      isEscaped = !isEscaped;
      continue;
    }
    text += (isEscaped ? EXTENSION.get(septet) : undefined) ?? DEFAULT_ALPHABET[septet & 0b0111_1111] ?? '';
    isEscaped = false;
  }
  return isEscaped ? `${text} ` : text;
}
