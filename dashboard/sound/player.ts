import { PATTERNS, type PatternName } from './patterns.ts';
import { renderPattern } from './render.ts';

/** `locked`: the browser wants a gesture first, or has suspended the sound; nothing can be heard. */
export type PlayerState = 'locked' | 'running';

/**
 * Plays a pattern as a looped buffer: no timer that a browser could slow while the window is not in front. It only asks
 * the browser; whether a person hears it, a person must say (`duty/`).
 */
export class AlarmPlayer {
  readonly #open: () => AudioContext;
  readonly #listeners = new Set<() => void>();
  readonly #buffers = new Map<PatternName, AudioBuffer>();
  #context: AudioContext | null = null;
  #source: AudioBufferSourceNode | null = null;
  #playing: PatternName | null = null;

  constructor(open: () => AudioContext) {
    this.#open = open;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly state = (): PlayerState => (this.#context?.state === 'running' ? 'running' : 'locked');

  readonly playing = (): PatternName | null => this.#playing;

  /** To be called from a gesture. Settles when the browser lets sound out or refuses. */
  readonly unlock = async (): Promise<void> => {
    const context = this.#ensure();
    // Refused: the state stays `locked`, which the screen shows and asks to unlock.
    if (context.state !== 'running') await context.resume().catch(() => this.#tell());
    this.#tell();
  };

  /** Loops the pattern, or is silent for null. The same pattern again goes on without a break. */
  readonly play = (pattern: PatternName | null): void => {
    if (pattern === this.#playing) return;
    this.#source?.stop();
    this.#source = null;
    this.#playing = pattern;
    if (pattern === null) return;
    const context = this.#ensure();
    const source = context.createBufferSource();
    source.buffer = this.#bufferOf(context, pattern);
    source.loop = true;
    source.connect(context.destination);
    source.start();
    this.#source = source;
  };

  #ensure(): AudioContext {
    if (this.#context === null) {
      this.#context = this.#open();
      this.#context.addEventListener('statechange', () => this.#tell());
    }
    return this.#context;
  }

  #bufferOf(context: AudioContext, pattern: PatternName): AudioBuffer {
    const held = this.#buffers.get(pattern);
    if (held !== undefined) return held;
    const samples = renderPattern(PATTERNS[pattern], context.sampleRate);
    const buffer = context.createBuffer(1, samples.length, context.sampleRate);
    buffer.copyToChannel(samples, 0);
    this.#buffers.set(pattern, buffer);
    return buffer;
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
