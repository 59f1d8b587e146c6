import type { Channel, SendResult } from '../channel.ts';
import type { Texts } from '../texts.ts';

/** What has not gone out by then waits for another attempt: a modem takes about 4 s for a message. Chosen. */
const SENT_WITHIN_MS = 2 * 60_000;

const AWAY: SendResult = {
  ...{ kind: 'failed', code: 'no-modem', isPermanent: false, isChannelFault: true, retryAfterMs: null },
};

/**
 * Texts contacts through the GSM modems of this gateway, by turns; where one is away or refused by its network, by the next. The
 * network's delivery report is the receipt (`Texts.note`). Who logs in has no number in the register and is not reached so.
 */
export function createSmsChannel(texts: Pick<Texts, 'gateways' | 'noteTold'>): Channel {
  let turn = 0;

  return {
    name: 'sms',
    canReach: ({ kind }) => kind === 'contact' && texts.gateways.length > 0,
    send: async ({ id, to, incident, text }, signal) => {
      // Nobody else has a number.
      if (to.kind !== 'contact') return { ...AWAY, code: 'no-number', isPermanent: true, isChannelFault: false };
      const { gateways } = texts;
      turn += 1;
      const late = AbortSignal.any([signal, AbortSignal.timeout(SENT_WITHIN_MS)]);
      let last = AWAY;
      for (let i = 0; i < gateways.length; i += 1) {
        const sent = await gateways[(turn + i) % gateways.length]?.send({ id, to: to.number, text }, late);
        if (sent === undefined) continue;
        if (sent.kind === 'sent') {
          texts.noteTold(to.number, incident.id);
          return { kind: 'sent', code: 'taken', receipt: null };
        }
        last = { ...sent, retryAfterMs: null };
        // Another modem would be told the same of this number.
        if (sent.isPermanent || !sent.isChannelFault || signal.aborted) break;
      }
      return last;
    },
    stop: () => undefined,
  };
}
