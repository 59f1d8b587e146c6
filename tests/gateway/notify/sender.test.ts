import { expect, test } from 'vitest';
import type { NotificationDraft } from '../../../gateway/incidents/commit.ts';
import type { Channel, SendResult } from '../../../gateway/notify/channel.ts';
import { createSendOnce } from '../../../gateway/notify/sender.ts';
import { buildDirectory } from '../../../gateway/registry/build-directory.ts';
import { EMPTY_ROWS } from '../../../gateway/registry/rows.ts';
import { NOW, openIncident } from '../incidents/build.ts';

const directory = buildDirectory({
  ...EMPTY_ROWS,
  residents: [
    {
      ...{ id: 'r1', homeId: 'h1', name: '王秀英', number: null, birthYear: 1940 },
      ...{ categories: [], speech: null, health: null },
    },
  ],
  contacts: [
    {
      ...{ id: 'son', residentId: 'r1', order: 1, name: '王小明', relation: null, number: '+8613900000001' },
      ...{ hasKey: false, minutesAway: null, language: null, note: null, notice: true, mustNotBeTold: false },
    },
  ],
});
const FAILED: SendResult = {
  ...{ kind: 'failed', code: '503', isPermanent: false, isChannelFault: true, retryAfterMs: null },
};
const REFUSED: SendResult = { ...FAILED, isPermanent: true, isChannelFault: false };
const SENT: SendResult = { kind: 'sent', code: 'taken', receipt: null };
const draft: NotificationDraft = {
  ...{ id: 'i:1:contact:son', incidentId: 'i', reason: 'step', step: 'contacts', at: NOW },
  to: { kind: 'contact', id: 'son' },
};

function channel(name: string, result: SendResult, canReach = true): Channel {
  return { name, canReach: () => canReach, send: () => Promise.resolve(result), stop: () => undefined };
}

/** By which channel each attempt went, until one succeeded. */
async function tryBy(...channels: readonly Channel[]) {
  const clock = { nowMs: () => NOW, monoMs: () => 0 };
  const sendOnce = createSendOnce({ channels, directory: () => directory, onResult: () => undefined, clock });
  const went: string[] = [];
  for (let attempts = 0; attempts < 5; attempts += 1) {
    const soFar = { attempts, heldMs: 0 };
    const { outcome } = await sendOnce(draft, openIncident({ residentId: 'r1' }), soFar, new AbortController().signal);
    went.push(`${outcome.channel} ${outcome.result}`);
    if (outcome.result !== 'failed') break;
  }
  return went;
}

test('what the first channel does not take is tried by the next, and then by the first again', async () => {
  expect(await tryBy(channel('webhook', SENT), channel('sms', SENT))).toEqual(['webhook sent']);
  expect(await tryBy(channel('webhook', FAILED), channel('sms', SENT))).toEqual(['webhook failed', 'sms sent']);
  const both = await tryBy(channel('webhook', FAILED), channel('sms', FAILED));
  expect(both.slice(0, 3)).toEqual(['webhook failed', 'sms failed', 'webhook failed']);
});

test('what one channel refuses for good is tried by another, and given up where there is none', async () => {
  expect(await tryBy(channel('webhook', REFUSED), channel('sms', SENT))).toEqual(['webhook failed', 'sms sent']);
  expect(await tryBy(channel('webhook', REFUSED))).toEqual(['webhook gave-up']);
});

test('a channel that does not reach the person has no turn', async () => {
  const went = await tryBy(channel('webhook', FAILED), channel('sms', SENT, false));
  expect(went).toEqual(Array.from({ length: 5 }, () => 'webhook failed'));
  expect(await tryBy(channel('sms', SENT, false))).toEqual(['null gave-up']);
});
