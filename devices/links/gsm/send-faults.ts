/** How an attempt to send ended that did not succeed. */
export type SendFault = {
  /** `cms-<n>`, or a word of ours; never a number of a person. */
  readonly code: string;
  /** The same would fail again. */
  readonly isPermanent: boolean;
  /** Says something about modem, card or network, not about this one message. */
  readonly isChannelFault: boolean;
};

/** Causes of `+CMS ERROR` (3GPP TS 24.011 Annex E-2, 27.005 §3.2.5) that speak of the number or the message, for good. */
const NEVER = new Set([1, 28, 30, 95, 96, 97, 98, 99, 304, 305]);
/** … and that speak of the receiver, for now: switched off, transfer rejected, no answer. */
const NOT_NOW = new Set([21, 27]);

/** Everything else (no network, congestion, card, credit, what nobody knows) is the channel's, and is tried again. */
export function judgeRefusal(code: number | null): SendFault {
  const isPermanent = code !== null && NEVER.has(code);
  const isOfReceiver = isPermanent || (code !== null && NOT_NOW.has(code));
  return { code: code === null ? 'refused' : `cms-${code}`, isPermanent, isChannelFault: !isOfReceiver };
}
