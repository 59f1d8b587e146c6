export type GsmLimits = {
  /** Until a modem has answered a plain command. */
  readonly answerMs: number;
  /** Until it has answered `AT` while it is looked for. */
  readonly attentionMs: number;
  /** For what it still says of before, once it answers. */
  readonly settleMs: number;
  /** Until it has listed or deleted: cards are slow. */
  readonly storageMs: number;
  /** Until the network has taken one message; alarms that come meanwhile wait so long at most. */
  readonly sendMs: number;
  /** How often everything stored is read although nothing was announced, and signal, network and card are asked for. */
  readonly lookEveryMs: number;
  /** After a modem did not answer, or the door kept nothing. */
  readonly retryMs: number;
  /** How long the radio may be bad before it is a matter for people. */
  readonly badForMs: number;
  /** Messages that wait to be sent. */
  readonly outgoing: number;
};

/**
 * All chosen. An announcement may be lost in noise: then an alarm lies on the card until the next look. A network takes a
 * message in 2 to 6 s; networks and modems promise nothing.
 */
export const GSM_LIMITS: GsmLimits = {
  answerMs: 5000,
  attentionMs: 1000,
  settleMs: 200,
  storageMs: 20_000,
  sendMs: 30_000,
  lookEveryMs: 15_000,
  retryMs: 5000,
  badForMs: 60_000,
  outgoing: 256,
};

/** Lines of one answer: a full store of 255 messages is 511. Chosen. */
export const MAX_ANSWER_LINES = 1024;

/** A PDU that came spoilt over the cable is read again so often before it rings as it is. Chosen. */
export const READ_AGAIN = 2;

/** A message that the modem does not delete is tried so often in one life of the line. Chosen. */
export const DELETE_TRIES = 3;

/** Delivery reports are waited for so long: the validity asked for is a day. */
export const REPORT_WITHIN_MS = 26 * 60 * 60_000;
export const VALIDITY_MIN = 24 * 60;

/** Messages whose report is waited for. Chosen. */
export const MAX_AWAITED = 2048;

/** Parts of one text that are sent; the rest is left out. Chosen: 335 Chinese characters. */
export const MAX_SENT_PARTS = 5;
