const LINE_FEED = 0x0a;

/** Where the lines that hold these bytes begin and end, without their line feed; a last line without one is torn and left out. */
export function findLines(bytes: Buffer, needle: Buffer): { readonly from: number; readonly to: number }[] {
  const found: { from: number; to: number }[] = [];
  for (let at = bytes.indexOf(needle); at >= 0;) {
    const from = at === 0 ? 0 : bytes.lastIndexOf(LINE_FEED, at - 1) + 1;
    const to = bytes.indexOf(LINE_FEED, at);
    if (to < 0) break;
    found.push({ from, to });
    at = bytes.indexOf(needle, to + 1);
  }
  return found;
}
