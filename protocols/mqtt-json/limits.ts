/** A payload of this many bytes or more is `oversized` (design §7: packet size 64 KiB). */
export const PAYLOAD_BOUND_BYTES = 65_536;

/** Chosen: no payload of the contract nests deeper than 3. */
export const MAX_DEPTH = 32;

/** Chosen, in UTF-16 units; longer values are cut (text, zone) or dropped (ids, where a cut would make two alike). */
export const MAX_TEXT_CHARS = 1000;
export const MAX_ZONE_CHARS = 64;
export const MAX_ID_CHARS = 64;
export const MAX_SHORT_CHARS = 64;

/** Chosen: readings in one `vitals` payload. */
export const MAX_READINGS = 1000;

/** Chosen: no vital sign in any unit is beyond it, up or down. */
export const MAX_ABS_VALUE = 1e9;
