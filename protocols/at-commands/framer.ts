import { MAX_LINE_CHARS } from './limits.ts';

/** `prompt`: `> `, which ends with no line end and asks for a PDU (3GPP TS 27.005 §4.3). `overlong`: so much was left out. */
export type AtFrame =
  | { readonly kind: 'line'; readonly text: string }
  | { readonly kind: 'prompt' }
  | { readonly kind: 'overlong'; readonly chars: number };

const CR = 0x0d;
const LF = 0x0a;

/**
 * Cuts what a modem says into lines (ITU-T V.250 §5.7.1: ended by CR LF; each of them alone ends one too). Empty lines are
 * passed over, NULs too: modems send them while they start. A line that is too long is left out up to its end.
 */
export class AtFramer {
  #line = '';
  #discarded = 0;

  push(bytes: Uint8Array): AtFrame[] {
    const frames: AtFrame[] = [];
    for (const byte of bytes) {
      if (byte === CR || byte === LF) this.#end(frames);
      else if (byte !== 0) this.#add(String.fromCharCode(byte), frames);
    }
    return frames;
  }

  /** After an unplug: half a line of before is none. */
  reset(): void {
    this.#line = '';
    this.#discarded = 0;
  }

  #add(character: string, frames: AtFrame[]): void {
    if (this.#discarded > 0 || this.#line.length >= MAX_LINE_CHARS) {
      this.#discarded += this.#line.length + 1;
      this.#line = '';
      return;
    }
    this.#line += character;
    if (this.#line !== '> ') return;
    this.#line = '';
    frames.push({ kind: 'prompt' });
  }

  #end(frames: AtFrame[]): void {
    if (this.#discarded > 0) frames.push({ kind: 'overlong', chars: this.#discarded });
    else if (this.#line.trim() !== '') frames.push({ kind: 'line', text: this.#line.trim() });
    this.reset();
  }
}
