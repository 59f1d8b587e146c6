/** A sign of life as gateways tell it to each other. */
export type Beat = {
  /** The gateway that took it, of one start. */
  readonly writer: string;
  /** Rises with every sign that this gateway takes: two beats are the same only if they are one. */
  readonly count: number;
  /** Epoch milliseconds by the clock of that gateway; for people to read, not to judge by. */
  readonly at: number;
  /** The person logged off. */
  readonly hasLeft: boolean;
};

/** `<writer> <count> <at>`, and ` left` at the end of whoever logged off. */
export function formatBeat({ writer, count, at, hasLeft }: Beat): string {
  return `${writer} ${count} ${at}${hasLeft ? ' left' : ''}`;
}

/** Null for what is no beat. */
export function parseBeat(text: string): Beat | null {
  const [, writer, count, at, left] = /^(\S{1,200}) (\d{1,15}) (\d{1,15})( left)?$/.exec(text) ?? [];
  if (writer === undefined) return null;
  return { writer, count: Number(count), at: Number(at), hasLeft: left !== undefined };
}
