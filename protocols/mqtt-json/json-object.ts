import { isFields, type JsonFields } from './fields.ts';
import { scanJson } from './json-scan.ts';
import { MAX_DEPTH, PAYLOAD_BOUND_BYTES } from './limits.ts';
import type { MqttFault } from './message.ts';

/** The fields of a JSON object that say exactly one thing. A key that stands twice says nothing and is left out. */
export type JsonObject = { readonly fields: Readonly<JsonFields>; readonly faults: readonly MqttFault[] };

/** Bytes of a payload to its fields. Never throws; `fields` is empty where the payload is no JSON object. */
export function readJsonObject(payload: Uint8Array): JsonObject {
  if (payload.length === 0) return none('empty');
  if (payload.length >= PAYLOAD_BOUND_BYTES) return none('oversized');
  const text = decodeUtf8(payload);
  if (text === undefined) return none('not-utf8');
  const parsed = parse(text);
  if (!parsed.ok) return none('not-json');
  if (!isFields(parsed.value)) return none('not-object');

  const { depth, repeatedKeys } = scanJson(text);
  const faults: MqttFault[] = depth > MAX_DEPTH ? [{ code: 'too-deep', path: '' }] : [];
  const fields = parsed.value;
  for (const key of repeatedKeys) {
    delete fields[key];
    faults.push({ code: 'bad-field', path: PLAIN_KEY.test(key) ? `/${key}` : '' });
  }
  return { fields, faults: faults.slice(0, MAX_FAULTS) };
}

/** Any other key is free text of the sender and stays out of faults. */
const PLAIN_KEY = /^[A-Za-z0-9_-]{1,32}$/;

/** Chosen: a payload made of repeated keys must not become thousands of faults in the journal. */
const MAX_FAULTS = 16;

function none(code: MqttFault['code']): JsonObject {
  return { fields: {}, faults: [{ code, path: '' }] };
}

const STRICT_UTF8 = new TextDecoder('utf-8', { fatal: true });

/** Strict; a byte order mark is skipped, as RFC 8259 §8.1 allows a parser to do. */
function decodeUtf8(payload: Uint8Array): string | undefined {
  try {
    return STRICT_UTF8.decode(payload);
  } catch {
    return undefined;
  }
}

/** V8 parses JSON without recursion, so nesting cannot exhaust the stack here (a test holds it to that). */
function parse(text: string): { ok: true; value: unknown } | { ok: false } {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    return { ok: false };
  }
}
