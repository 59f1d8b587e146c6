/** Chosen: events in one payload. */
export const MAX_EVENTS = 16;

/** Chosen, in UTF-16 units; a longer text is cut. */
export const MAX_TEXT_CHARS = 500;
