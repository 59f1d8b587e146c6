import { isValid } from 'ulid';
import type { AlarmEvent } from '../../devices/event.ts';

/** The one form of an event on disk and in the stream. */
export function encodeEvent(event: AlarmEvent): string {
  return JSON.stringify(event);
}

/** Total. Null when the text is no event; what we wrote ourselves is not examined further. */
export function decodeEvent(text: string): AlarmEvent | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  return isEvent(value) ? value : null;
}

function isEvent(value: unknown): value is AlarmEvent {
  if (typeof value !== 'object' || value === null) return false;
  if (!('id' in value && 'receivedAt' in value && 'standing' in value && 'message' in value && 'source' in value)) {
    return false;
  }
  const { id, receivedAt, message, source } = value;
  return (
    typeof id === 'string' &&
    isValid(id) &&
    typeof receivedAt === 'number' &&
    typeof message === 'object' &&
    message !== null &&
    typeof source === 'object' &&
    source !== null
  );
}
