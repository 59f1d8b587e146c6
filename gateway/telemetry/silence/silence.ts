import type { Pool } from 'pg';
import type { Logger } from 'pino';
import type { Check } from '../../api/contract/feed.ts';
import type { Clock } from '../../clock.ts';
import { errorCode } from '../../errors.ts';
import type { Missed } from '../../history/contact-log.ts';
import type { OpenIncident } from '../../incidents/record.ts';
import type { Directory, DirectoryDevice } from '../../registry/directory.ts';
import { StoreError } from '../../store/store-error.ts';
import { systemSubject, type SystemAlarms } from '../system-alarms.ts';
import { RestoreWatch } from './restore-watch.ts';
import { SilenceBook, type MissedDevice } from './silence-book.ts';
import { createSilenceDoor, type SilenceDoor } from './silence-door.ts';
import { SILENCE_LIMITS, silentAfterMs, type Reporting } from './silence-rules.ts';
import { judgeSilent } from './silence-store.ts';
import { isSupervised } from './supervision.ts';

const LOOK_EVERY_MS = 10_000;
/** Of many that are silent so many are named; chosen, so that a case can be read. */
const MOST_LISTED = 100;

export type SilenceDeps = {
  readonly pool: Pool;
  readonly gatewayId: string;
  /** Who is missed here (`history`). */
  readonly presence: {
    readonly missed: () => readonly Missed[];
    readonly leave: (deviceId: string) => void;
    readonly hearingMs: () => number;
  };
  /** When a device was last heard by this process; monotonic. */
  readonly heardMonoMs: (deviceId: string) => number | null;
  readonly open: () => readonly OpenIncident[];
  /** Whether `open` is what every gateway has. */
  readonly isBoardCurrent: () => boolean;
  readonly directory: () => Directory;
  /** Undefined for a model that nobody knows, and for one that gives no signs of life. */
  readonly reportingOf: (device: DirectoryDevice) => Reporting | undefined;
  readonly door: SilenceDoor;
  readonly alarms: Pick<SystemAlarms, 'raise' | 'renew' | 'restore'>;
  readonly clock: Clock;
  readonly logger: Logger;
};

export type Silence = {
  readonly start: () => void;
  /** Resolves when the look under way is over. */
  readonly stop: () => Promise<void>;
  /** One look; never rejects. */
  readonly look: () => Promise<void>;
  /** Whether it can be known who is silent. */
  readonly check: () => Check;
};

/** Raises a case for a device that is silent for longer than its model may be, and closes it when the device is heard. */
export function createSilence(deps: SilenceDeps): Silence {
  const { pool, gatewayId, presence, directory, alarms, clock, logger } = deps;
  const book = new SilenceBook(SILENCE_LIMITS);
  const restores = new RestoreWatch();
  const send = createSilenceDoor(deps.door, gatewayId);
  const manyCode = `many-silent:${gatewayId}`;
  let lookTimer: NodeJS.Timeout | null = null;
  let looking: Promise<void> | null = null;
  let hasLooked = false;
  let doubt: string | null = null;

  function describe({ deviceId, silentMs, hearingMs }: Missed, openSubjects: ReadonlySet<string>): MissedDevice[] {
    const device = directory().device(deviceId);
    const reporting = device === undefined ? undefined : deps.reportingOf(device);
    if (device === undefined || reporting === undefined) return [];
    const subject = subjectOf(device);
    const isOpen = openSubjects.has(subject);
    return [
      {
        deviceId,
        subject,
        mobility: reporting.mobility,
        silentMs,
        hearingMs,
        silentAfterMs: silentAfterMs(reporting),
        isOpen,
        isSupervised: isSupervised(device, directory(), clock.nowMs()),
      },
    ];
  }

  function restore(open: readonly OpenIncident[]): void {
    for (const { id, deviceId, subject } of restores.look(clock.monoMs(), open)) {
      const device = deviceId === null ? undefined : directory().device(deviceId);
      // A case of the former wearer stays theirs: nothing that comes now can speak of it.
      if (device === undefined || subjectOf(device) !== subject) continue;
      const isHeard = restores.isHeardSince(id, deps.heardMonoMs(device.id));
      if (!isHeard && isSupervised(device, directory(), clock.nowMs())) continue;
      if (restores.mayRestore(id, clock.monoMs()))
        keep(send.restored(device.id, isHeard ? 'heard-again' : 'not-supervised'), device.id);
    }
  }

  function raise(subject: string, { deviceId, lastMs }: Missed): void {
    logger.warn({ deviceId }, 'a device is silent');
    keep(send.silent(deviceId, lastMs), deviceId, () => book.untell(subject));
  }

  function keep(sent: Promise<unknown>, deviceId: string, onFailure?: () => void): void {
    sent.catch((error: unknown) => {
      onFailure?.();
      logger.error({ deviceId, cause: errorCode(error) }, 'news of a silent device could not be kept');
    });
  }

  async function judge(open: readonly OpenIncident[]): Promise<void> {
    if (!hasLooked && open.some(({ subject }) => subject === systemSubject(manyCode))) book.adoptMany(clock.monoMs());
    hasLooked = true;
    const openSubjects = new Set(open.filter(({ type }) => type === 'silent').map(({ subject }) => subject));
    const missed = new Map<string, Missed>();
    const described = presence.missed().flatMap((one) => {
      const found = describe(one, openSubjects);
      for (const { subject } of found) missed.set(subject, one);
      return found;
    });
    const subjects = book.look(clock.monoMs(), presence.hearingMs(), described);
    if (subjects === null) return;
    const asked = subjects.flatMap((subject) => missed.get(subject) ?? []);
    const { elsewhere, told } =
      asked.length === 0 ? NOBODY : await judgeSilent(pool, gatewayId, asked, SILENCE_LIMITS.againMs);
    for (const deviceId of elsewhere) presence.leave(deviceId);
    // Some may have been heard while the database was asked.
    const still = new Set(presence.missed().map(({ deviceId }) => deviceId));
    const pick = (isPicked: (deviceId: string) => boolean): Set<string> =>
      new Set(subjects.filter((subject) => isPicked(missed.get(subject)?.deviceId ?? '')));
    const answer = book.decide(
      clock.monoMs(),
      pick((id) => still.has(id)),
      pick((id) => told.has(id)),
    );
    for (const subject of answer.raise) {
      const one = missed.get(subject);
      if (one !== undefined) raise(subject, one);
    }
    tellMany(answer.many?.map((subject) => missed.get(subject)?.deviceId ?? subject) ?? null);
  }

  function tellMany(ids: readonly string[] | null): void {
    if (ids === null) {
      alarms.restore(manyCode);
      return;
    }
    if (ids.length === 0) return;
    const others = ids.length - MOST_LISTED;
    const listed = ids.slice(0, MOST_LISTED).join(' ');
    const facts = { devices: ids.length, ids: others > 0 ? `${listed} and ${others} more` : listed };
    alarms.raise(manyCode, facts);
    alarms.renew(manyCode, facts);
  }

  async function lookOnce(): Promise<void> {
    if (!deps.isBoardCurrent()) {
      doubt = 'redis is away';
      return;
    }
    try {
      const open = deps.open();
      restore(open);
      await judge(open);
      doubt = null;
    } catch (error) {
      doubt = error instanceof StoreError ? 'the database is away' : 'the look at silent devices failed';
      if (!(error instanceof StoreError)) logger.error({ err: error }, 'the look at silent devices failed');
    }
  }

  const look = (): Promise<void> => {
    looking ??= lookOnce().finally(() => {
      looking = null;
    });
    return looking;
  };

  return {
    look,
    start: () => {
      lookTimer ??= setInterval(() => void look(), LOOK_EVERY_MS);
    },
    stop: async () => {
      if (lookTimer !== null) clearInterval(lookTimer);
      lookTimer = null;
      await looking;
    },
    check: () =>
      doubt === null
        ? { status: 'ok', detail: 'silent devices are told' }
        : { status: 'degraded', detail: `nobody can say which devices are silent: ${doubt}` },
  };
}

const NOBODY = { elsewhere: new Set<string>(), told: new Set<string>() };

/** As the open-index has technical matters of a device (`calcFacts`). */
function subjectOf({ id, binding }: Pick<DirectoryDevice, 'id' | 'binding'>): string {
  return binding === 1 ? `device:${id}` : `device:${id}:${binding}`;
}
