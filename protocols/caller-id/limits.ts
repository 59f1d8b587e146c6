/** Chosen: a line is longer only when it is noise. The longest honest one is a packet of 255 bytes in hexadecimal (`MESG`). */
export const MAX_LINE_BYTES = 600;

/** ITU-T E.164 has 15 digits; with an international prefix, and what an exchange may put before it. Chosen. */
export const MAX_NUMBER_DIGITS = 20;

/** Chosen. */
export const MAX_NAME_CHARS = 64;
