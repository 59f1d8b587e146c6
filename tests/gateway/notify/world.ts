import type { ServerResponse } from 'node:http';
import { pino } from 'pino';
import type { NotificationDraft } from '../../../gateway/incidents/commit.ts';
import type { IncidentRecord } from '../../../gateway/incidents/record.ts';
import { systemClock } from '../../../gateway/clock.ts';
import { createWebhook } from '../../../gateway/notify/channels/webhook.ts';
import { createNotifier, type Notifier } from '../../../gateway/notify/notifier.ts';
import { REDIS_KEYS } from '../../../gateway/store/keys.ts';
import { afterwards } from '../../harness/cleanup.ts';
import { startReceiver, taken, type Answering, type Received } from '../../harness/receiver.ts';
import { openIncident, register } from '../incidents/build.ts';
import { connect, openGateway } from '../incidents/world.ts';

export const helpers = Array.from({ length: 200 }, (_, n) => ({ id: `h${n}`, roles: ['helper'] as const }));
const directory = register({ users: helpers.map(({ id }) => ({ id, roles: ['helper'] })) });
export const soon = (what: string) => ({ timeoutMs: 30_000, what });

let made = 0;

/**
 * An outbox on a real Redis, gateways that send what is in it, and who gets it. An answer that comes after its bound is one more
 * request, so the bound is long: a busy machine may take seconds.
 */
export async function openWorld(redisUrl: string, answer: Answering = taken, answerWithinMs = 30_000) {
  const receiver = await startReceiver(answer);
  const gateway = await openGateway(redisUrl, { directory });
  const lines: string[] = [];
  const board = new Map<string, IncidentRecord>();

  async function startNotifier(gatewayId: string): Promise<Notifier> {
    const channel = createWebhook({
      ...{ url: receiver.url, secret: 'a secret of sixteen', clock: systemClock, answerWithinMs },
      directory: () => directory,
    });
    const notifier = createNotifier({
      channels: [channel],
      redis: { outbox: await connect(redisUrl, 'outbox'), command: await connect(redisUrl) },
      store: gateway.store,
      findOpen: (id) => board.get(id),
      directory: () => directory,
      alarms: { raise: () => undefined, restore: () => undefined },
      ...{ gatewayId, clock: systemClock, logger: pino({}, { write: (line) => void lines.push(line) }) },
    });
    afterwards(notifier.stop);
    notifier.start();
    return notifier;
  }

  /** An incident whose step tells these helpers. */
  async function open(to: readonly string[], record: IncidentRecord = openIncident(), at = Date.now()) {
    if (record.state !== 'resolved') board.set(record.id, record);
    const drafts = to.map((id): NotificationDraft => {
      made += 1;
      const about = { incidentId: record.id, to: { kind: 'user', id }, reason: 'step', step: 'duty-helpers' } as const;
      return { id: `${record.id}:${made}:user:${id}`, ...about, at };
    });
    const plan = { guarded: [], events: [], entries: [], ack: null, notifications: drafts };
    const known = await gateway.store.loadIncident(record.id);
    await gateway.store.commit({ ...plan, incidents: known === null ? [{ record, was: null }] : [] });
    return { incidentId: record.id, drafts };
  }

  async function noted(incidentId: string): Promise<Record<string, unknown>[]> {
    const entries = await gateway.store.loadEntries(incidentId);
    return entries.filter(({ type }) => type === 'notified').map(({ data }) => ({ ...data }));
  }

  const waiting = async (): Promise<number> => gateway.redis.xlen(REDIS_KEYS.outbox);
  return { receiver, gateway, lines, startNotifier, open, noted, waiting };
}

export type NotifyWorld = Awaited<ReturnType<typeof openWorld>>;

export const idOf = ({ headers }: Received): string => String(headers['x-zhuji-id']);
export const countOf = ({ receiver }: NotifyWorld, id: string): number =>
  receiver.requests.filter((r) => idOf(r) === id).length;
export const later = (ms: number, act: () => void): void => void setTimeout(act, ms);
export const ok = (response: ServerResponse): void => void response.writeHead(200).end();
