/**
 * From the protocol id to DC4, without it. The longest line of a receiver is a SIA block of at most 66 bytes with its header; texts make
 * it longer on newer ones. Chosen.
 */
export const MAX_FRAME_BYTES = 512;

/** How many characters the receiver gives to its number, to that of the line card and to accounts: its own settings say. */
export type SurGardWidths = { readonly receiver: number; readonly line: number; readonly account: number };

/** `RRL` and four digits, as in the manuals of MLR2 and MLR2E; System III has `RRLLL` when set so. */
export const DEFAULT_WIDTHS: SurGardWidths = { receiver: 2, line: 1, account: 4 };

/** DC4 ends a frame; the automation answers one with ACK, "not now" is NAK or silence. */
export const DC4 = 0x14;
export const ACK = 0x06;
export const NAK = 0x15;
