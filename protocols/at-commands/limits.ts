/** Characters of one line; a PDU is 384 of them, a list of operators may be longer. Chosen. */
export const MAX_LINE_CHARS = 1024;

/** Parameters behind a `+NAME:` that are read. Chosen: none that is read here has more than nine. */
export const MAX_PARAMS = 16;
