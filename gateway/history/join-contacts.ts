import type { ContactSink } from '../../devices/links/ports.ts';

/** One sink of several; they are asked for when the first sign of life comes, because some are made after the link. */
export function joinContacts(listSinks: () => readonly Partial<ContactSink>[]): ContactSink {
  let made: readonly Partial<ContactSink>[] | undefined;
  const sinks = (): readonly Partial<ContactSink>[] => {
    made ??= listSinks();
    return made;
  };
  return {
    heard: (deviceId, standing) => {
      for (const sink of sinks()) sink.heard?.(deviceId, standing);
    },
    connected: (deviceId, standing) => {
      for (const sink of sinks()) sink.connected?.(deviceId, standing);
    },
    disconnected: (deviceId, standing) => {
      for (const sink of sinks()) sink.disconnected?.(deviceId, standing);
    },
    dropped: (deviceId, reason) => {
      for (const sink of sinks()) sink.dropped?.(deviceId, reason);
    },
  };
}
