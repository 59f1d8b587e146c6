import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import type { NotificationDraft } from '../incidents/commit.ts';
import type { IncidentRecord } from '../incidents/record.ts';
import type { IncidentStore } from '../incidents/store.ts';
import type { Directory } from '../registry/directory.ts';
import { createChannelWatch } from './channel-watch.ts';
import type { Channel } from './channel.ts';
import { createCourier } from './courier.ts';
import { createDirectSender, type DirectSender } from './direct.ts';
import { createNotes, type Notes } from './notes.ts';
import { createOutboxWorker, type OutboxWorker } from './outbox-worker.ts';
import { createOutbox } from './outbox.ts';
import { createRunner } from './runner.ts';
import { createSendOnce } from './sender.ts';

export type NotifierDeps = {
  readonly channels: readonly Channel[];
  /** `outbox` blocks: a connection of its own. */
  readonly redis: { readonly outbox: Redis; readonly command: Redis };
  readonly store: Pick<IncidentStore, 'commit' | 'loadIncident'>;
  readonly findOpen: (incidentId: string) => IncidentRecord | undefined;
  readonly directory: () => Directory;
  /** A channel takes nothing any more, and takes again. Called often, and cheap. */
  readonly alarms: { readonly raise: (code: string) => void; readonly restore: (code: string) => void };
  readonly gatewayId: string;
  readonly clock: Clock;
  readonly logger: Logger;
};

/** Tells people beyond the screens. */
export type Notifier = {
  readonly start: () => void;
  readonly stop: () => Promise<void>;
  /** Whether some channel takes something for this person; synchronous, a step that fires waits for nobody. */
  readonly canNotify: (to: NotificationDraft['to']) => boolean;
  readonly receive: Notes['receive'];
  /** For when Redis is away. */
  readonly direct: DirectSender;
  readonly health: OutboxWorker['health'];
};

/** Puts the folder together. */
export function createNotifier(deps: NotifierDeps): Notifier {
  const { channels, redis, store, directory, clock, logger } = deps;
  const watches = new Map(
    channels.map(({ name }) => {
      const code = `${name}-failing`;
      const [raise, restore] = [(): void => deps.alarms.raise(code), (): void => deps.alarms.restore(code)];
      return [name, createChannelWatch({ clock, raise, restore })];
    }),
  );
  const runner = createRunner(logger);
  const outbox = createOutbox({ reader: redis.outbox, redis: redis.command, consumer: deps.gatewayId });
  const notes = createNotes({ loadState: outbox.loadState, commit: store.commit });
  const onResult: Parameters<typeof createSendOnce>[0]['onResult'] = (name, result) => watches.get(name)?.note(result);
  const sendOnce = createSendOnce({ channels, directory, onResult, clock });
  const direct = createDirectSender({ runner, sendOnce, notes, clock, logger });
  const courier = createCourier({
    ...{ runner, outbox, notes, sendOnce, clock, logger },
    loadIncident: async (id) => deps.findOpen(id) ?? store.loadIncident(id),
    priorityOf: (id) => deps.findOpen(id)?.priority,
    directStateOf: direct.stateOf,
  });
  const worker = createOutboxWorker({ outbox, courier, clock, logger, pause });

  return {
    start: () => {
      runner.start();
      worker.start();
    },
    stop: async () => {
      await worker.stop();
      await runner.stop();
      courier.clear();
      for (const channel of channels) channel.stop();
    },
    canNotify: (to) => channels.some(({ canReach }) => canReach(to)),
    receive: notes.receive,
    direct,
    health: worker.health,
  };
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
}
