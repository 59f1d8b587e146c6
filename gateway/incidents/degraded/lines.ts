import { crc32 } from 'node:zlib';

/** A line of a file of ours: CRC-32 over the JSON in eight hexadecimal digits, a space, the JSON, a line feed. */
export function encodeLine(value: unknown): string {
  const json = JSON.stringify(value);
  return `${crcOf(json)} ${json}\n`;
}

/** Total: every whole line, in order, and how many were damaged (a torn end is one). */
export function decodeLines(text: string): { readonly values: readonly unknown[]; readonly damaged: number } {
  const values: unknown[] = [];
  let damaged = 0;
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const json = line.slice(9);
    if (line[8] !== ' ' || line.slice(0, 8) !== crcOf(json)) damaged += 1;
    else {
      try {
        values.push(JSON.parse(json));
      } catch {
        damaged += 1;
      }
    }
  }
  return { values, damaged };
}

function crcOf(text: string): string {
  return crc32(text).toString(16).padStart(8, '0');
}
