import { expect, test } from 'vitest';
import type { TextMessage } from '../../../../devices/links/gsm/outgoing.ts';
import type { Sent } from '../../../../devices/links/gsm/send-queue.ts';
import { createSmsChannel } from '../../../../gateway/notify/channels/sms.ts';
import type { Notice } from '../../../../gateway/notify/notice.ts';

const never = new AbortController().signal;
const OK: Sent = { kind: 'sent' };
const AWAY: Sent = { kind: 'failed', code: 'away', isPermanent: false, isChannelFault: true };
const NO_SUCH: Sent = { kind: 'failed', code: 'cms-1', isPermanent: true, isChannelFault: false };
const OFF: Sent = { kind: 'failed', code: 'cms-27', isPermanent: false, isChannelFault: false };

const notice: Notice = {
  ...{ id: 'n1', at: '2026-05-01T12:00:00.000Z', reason: 'step', step: 'contacts', resident: { name: '王秀英' } },
  to: { kind: 'contact', id: 'c1', name: '王小明', number: '+8613900000001', language: null },
  incident: {
    ...{ id: 'inc-1', type: 'sos', types: ['sos'], priority: 1, region: null },
    ...{ openedAt: '2026-05-01T12:00:00.000Z', presses: 1, state: 'open' },
  },
  text: '王秀英按下了求助键，呼叫中心已收到，正在处理。',
};

function channelOf(...answers: readonly Sent[]) {
  const asked: { modem: number; message: TextMessage }[] = [];
  const told: string[] = [];
  const gateways = answers.map((answer, modem) => ({
    send: async (message: TextMessage) => {
      await Promise.resolve();
      asked.push({ modem, message });
      return answer;
    },
  }));
  const noteTold = (number: string, incidentId: string): void => void told.push(`${number} ${incidentId}`);
  return { channel: createSmsChannel({ gateways, noteTold }), asked, told };
}

test('a contact gets the words of the notice, and an answer of theirs is awaited', async () => {
  const { channel, asked, told } = channelOf(OK);
  expect(await channel.send(notice, never)).toEqual({ kind: 'sent', code: 'taken', receipt: null });
  expect(asked).toEqual([{ modem: 0, message: { id: 'n1', to: '+8613900000001', text: notice.text } }]);
  expect(told).toEqual(['+8613900000001 inc-1']);
});

test('modems take turns, and where one is away the next one sends', async () => {
  const even = channelOf(OK, OK);
  for (let n = 0; n < 4; n += 1) await even.channel.send(notice, never);
  expect(even.asked.map(({ modem }) => modem).toSorted((a, b) => a - b)).toEqual([0, 0, 1, 1]);
  const half = channelOf(AWAY, OK);
  for (let n = 0; n < 2; n += 1) expect(await half.channel.send(notice, never)).toMatchObject({ kind: 'sent' });
});

test('with all of them away it is tried again', async () => {
  const { channel, told } = channelOf(AWAY, AWAY);
  expect(await channel.send(notice, never)).toMatchObject({ code: 'away', isPermanent: false, isChannelFault: true });
  expect(told).toEqual([]);
});

test('what speaks of the number is asked of one modem alone, for good or for now', async () => {
  const gone = channelOf(NO_SUCH, NO_SUCH);
  expect(await gone.channel.send(notice, never)).toMatchObject({ code: 'cms-1', isPermanent: true });
  expect(gone.asked).toHaveLength(1);
  const off = channelOf(OFF, OFF);
  expect(await off.channel.send(notice, never)).toMatchObject({ isPermanent: false, isChannelFault: false });
  expect(off.asked).toHaveLength(1);
});

test('only contacts have a number, and without a modem nobody is reached', () => {
  const contact = { kind: 'contact', id: 'c1' } as const;
  expect(channelOf(OK).channel.canReach(contact)).toBe(true);
  expect(channelOf(OK).channel.canReach({ kind: 'user', id: 'u1' })).toBe(false);
  expect(channelOf().channel.canReach(contact)).toBe(false);
});
