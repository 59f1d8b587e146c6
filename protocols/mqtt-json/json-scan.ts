/** What `JSON.parse` does not tell: how deep a text nests, and which keys of the outermost object stand twice. */
export type JsonScan = { readonly depth: number; readonly repeatedKeys: ReadonlySet<string> };

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** Square and curly: they differ in one bit. */
const CURLY_BIT = 0x20;
const OPENING = 0x5b;
const CLOSING = 0x5d;

/** One pass, no recursion, total: on text that is not JSON it gives numbers that nobody then uses. */
export function scanJson(text: string): JsonScan {
  const seen = new Set<string>();
  const repeatedKeys = new Set<string>();
  let depth = 0;
  let deepest = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) {
      const end = endOfString(text, i);
      if (depth === 1 && isFollowedByColon(text, end)) {
        const key = unescapeKey(text.slice(i, end + 1));
        if (seen.has(key)) repeatedKeys.add(key);
        seen.add(key);
      }
      i = end;
    } else if ((code & ~CURLY_BIT) === OPENING) {
      depth += 1;
      if (depth > deepest) deepest = depth;
    } else if ((code & ~CURLY_BIT) === CLOSING) {
      depth -= 1;
    }
  }
  return { depth: deepest, repeatedKeys };
}

/** Index of the closing quote, or the text's length when there is none. */
function endOfString(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) return i;
    if (code === BACKSLASH) i += 1;
  }
  return text.length;
}

function isFollowedByColon(text: string, end: number): boolean {
  for (let i = end + 1; i < text.length; i++) {
    const char = text[i];
    if (char === ':') return true;
    if (char !== ' ' && char !== '\t' && char !== '\n' && char !== '\r') return false;
  }
  return false;
}

/** `"\u0074ype"` is `type`; a key that cannot be read is kept as it stands. */
function unescapeKey(quoted: string): string {
  if (!quoted.includes('\\')) return quoted.slice(1, -1);
  try {
    return String(JSON.parse(quoted));
  } catch {
    return quoted;
  }
}
