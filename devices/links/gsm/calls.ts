import type { AtMessage } from '../../../protocols/at-commands/message.ts';
import type { CallLane } from '../caller-id/call-lane.ts';
import { dueAt, IDLE_LINE, trackCall, type LineEvent, type LineState } from '../caller-id/call-tracker.ts';

export type GsmCalls = {
  readonly hear: (message: AtMessage) => void;
  /** The line is closed. */
  readonly end: (how: 'lost' | 'stopped') => void;
  readonly stop: () => void;
};

/** Voice calls on a GSM modem are followed as those on a telephone line are; nobody answers them here. */
export function createGsmCalls(lane: CallLane, monoMs: () => number): GsmCalls {
  let state: LineState = IDLE_LINE;
  let raw = '';
  let dueTimer: NodeJS.Timeout | null = null;

  function happen(event: LineEvent): void {
    const tracked = trackCall(state, event, monoMs());
    state = tracked.state;
    for (const news of tracked.news) lane.tell(news, Buffer.from(raw, 'latin1'));
    if (state.call === null) raw = '';
    if (dueTimer !== null) clearTimeout(dueTimer);
    const due = dueAt(state);
    dueTimer = due === null ? null : setTimeout(() => happen({ kind: 'tick' }), Math.max(0, due - monoMs()));
  }

  return {
    hear: (message) => {
      if (message.kind === 'ring') {
        raw ||= 'RING';
        happen({ kind: 'ring' });
      }
      // Whoever called has rung off, or the network gave it up; nobody answers here.
      if (message.kind === 'result' && message.result === 'no-carrier') happen({ kind: 'over' });
      if (message.kind !== 'caller') return;
      const number = message.number !== null && message.isInternational ? `+${message.number}` : message.number;
      raw = `RING\n+CLIP: ${number ?? ''}`;
      // Behind every ring (3GPP TS 27.007 §7.11).
      happen({ kind: 'number', number, isOfRing: true });
    },
    end: (how) => happen({ kind: how }),
    stop: () => {
      if (dueTimer !== null) clearTimeout(dueTimer);
      dueTimer = null;
    },
  };
}
