/** `ACCT MT QXYZ GG CCC S` with its five spaces (DC-05 §4.1); anything longer is none. */
export const MAX_TONE_CHARS = 21;

/** Chosen: `QXYZ GG CCC` is eleven; more than this is no payload of Contact ID. */
export const MAX_PAYLOAD_CHARS = 256;
