/** Personal data and secrets that a test plants, to look for them where they must never be. */
export type Planted = {
  /** A text for one field, like no other; begins in Chinese, which a log may escape. */
  readonly text: (field: string) => string;
  /** The same of letters and digits alone. */
  readonly word: (field: string) => string;
  /** A phone number (E.164), like no other. */
  readonly number: (field: string) => string;
  /** What was not made here, such as a password of the gateway's making. */
  readonly keep: (field: string, value: string) => string;
  /** The fields whose value, or a good part of it, stands in `log`: as it is or as an encoder would write it. */
  readonly findIn: (log: string) => string[];
};

export function plant(): Planted {
  const values = new Map<string, string>();
  const keep = (field: string, value: string): string => {
    if (values.has(field)) throw new Error(`${field} is planted already`);
    values.set(field, value);
    return value;
  };
  const word = (field: string): string => `Apo${values.size}x${field.replaceAll('.', '-')}x`.padEnd(14, 'z');
  return {
    keep,
    word: (field) => keep(field, word(field)),
    text: (field) => keep(field, `王阿婆${values.size}号${word(field)}`),
    number: (field) => keep(field, `+861390099${String(values.size).padStart(4, '0')}`),
    findIn: (log) =>
      [...values].filter(([, value]) => listForms(value).some((form) => log.includes(form))).map(([field]) => field),
  };
}

const NOT_ASCII = /[^\0-\x7f]/g;
const BEGINNING_ENDS = /(?<=号)/;

/** A log may cut a text, or leave out what it cannot show. */
function listForms(value: string): string[] {
  const beginning = value.split(BEGINNING_ENDS, 1)[0] ?? value;
  return [value, value.replace(NOT_ASCII, ''), beginning].flatMap((text) => {
    const bytes = Buffer.from(text);
    const escaped = text.replace(NOT_ASCII, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
    const forms = [text, escaped, encodeURIComponent(text), bytes.toString('hex')];
    // Too little is left of a beginning to know it again.
    return text === beginning && text !== value ? forms : [...forms, ...listBase64(bytes)];
  });
}

/** How bytes look within base64 that begins before them: in one of three ways, without their ends. */
function listBase64(bytes: Buffer): string[] {
  return [0, 2, 3].map((cut, shift) =>
    Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .slice(cut, -4),
  );
}
