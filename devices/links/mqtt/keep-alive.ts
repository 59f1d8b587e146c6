/** How much longer than it promised a peer may be silent (MQTT 3.1.1 §3.1.2.10). */
const GRACE = 1.5;

export type KeepAlive = { readonly heard: () => void; readonly stop: () => void };

/**
 * Notices that a peer has not spoken for longer than it promised. Ours, because the broker does not hear what goes past it.
 * `isRead`: whether we hear the peer at all; while we do not, its silence says nothing.
 */
export function watchSilence(seconds: number, isRead: () => boolean, onSilent: () => void): KeepAlive {
  const judge = (): void => {
    if (isRead()) onSilent();
    else silenceTimer.refresh();
  };
  const silenceTimer = setTimeout(judge, seconds * 1000 * GRACE).unref();
  return { heard: () => void silenceTimer.refresh(), stop: () => clearTimeout(silenceTimer) };
}
