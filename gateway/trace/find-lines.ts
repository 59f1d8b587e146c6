const LINE_FEED = 0x0a;

/** Where the lines that hold these bytes begin and end, without their line feed; the last may be torn and have none. */
export function findLines(bytes: Buffer, needle: Buffer): { readonly from: number; readonly to: number }[] {
  const found: { from: number; to: number }[] = [];
  for (let at = bytes.indexOf(needle); at >= 0;) {
    const from = at === 0 ? 0 : bytes.lastIndexOf(LINE_FEED, at - 1) + 1;
    const end = bytes.indexOf(LINE_FEED, at);
    const to = end < 0 ? bytes.length : end;
    found.push({ from, to });
    at = bytes.indexOf(needle, to);
  }
  return found;
}
