import { mkdir } from 'node:fs/promises';
import type {
  ContactNew,
  DeviceBinding,
  DeviceBindingNew,
  DeviceNew,
  HomeNew,
  RecordedStatus,
  ResidentNew,
  ResidentStatusNew,
} from '../api/contract/registry.ts';
import type { OwnLimit } from '../api/contract/limits.ts';
import type { UserNew } from '../api/contract/session.ts';
import { errorCode } from '../errors.ts';
import { DatabaseEmptyError } from '../store/database-empty.ts';
import { inTransaction, queryRows, waitAtMost, type Queryable } from '../store/postgres.ts';
import { buildDirectory } from './build-directory.ts';
import { ChangeListener, CHANNEL } from './change-listener.ts';
import { coalesce } from './coalesce.ts';
import type { Directory } from './directory.ts';
import { prepareFirstStart } from './first-start.ts';
import { listRevoked } from './list-revoked.ts';
import { isBlank, isPrepared, loadRevision, loadRows } from './load.ts';
import { CHINA } from './phone-number.ts';
import type { RegistryDeps } from './registry-deps.ts';
import { RegistryError } from './registry-error.ts';
import { EMPTY_ROWS, type RegisterRows } from './rows.ts';
import { tryLoadSnapshot, trySaveSnapshot } from './snapshot.ts';
import { LIMIT_MS, SNAPSHOT_LIMIT_MS, START_LIMIT_MS, STOP_LIMIT_MS, TICK_MS } from './time-limits.ts';
import type { PlannedAddress } from './writes/addresses.ts';
import { loadBindings, rebindDevice } from './writes/bindings.ts';
import { type DeviceAdded, insertDevice, replaceSecret, retireDevice } from './writes/devices.ts';
import { insertHome } from './writes/homes.ts';
import { insertLimits } from './writes/limits.ts';
import { insertContact, insertResident } from './writes/residents.ts';
import { insertStatus, loadStatuses } from './writes/statuses.ts';
import { insertUser } from './writes/users.ts';

export type RegistrySource = 'postgres' | 'snapshot' | 'empty';

/**
 * Keeps the register in memory: loaded whole from Postgres, again after each write of this or another gateway, and saved
 * to the data folder so that a start without Postgres knows people and devices. Writes need Postgres; reads never do.
 */
export class Registry {
  readonly #deps: RegistryDeps;
  readonly #listener: ChangeListener;
  readonly #refresh: () => Promise<void>;
  readonly #save: () => Promise<void>;
  #rows: RegisterRows = EMPTY_ROWS;
  #directory: Directory;
  #sessionKey: Uint8Array | undefined;
  #source: RegistrySource = 'empty';
  #noticed = 0;
  #isPrepared = false;
  #isCurrent = false;
  #lastFault: string | undefined;
  #tickTimer: NodeJS.Timeout | undefined;
  #tick: Promise<void> | undefined;
  #isRunning = false;

  constructor(deps: RegistryDeps) {
    this.#deps = deps;
    this.#directory = this.#build(EMPTY_ROWS);
    this.#refresh = coalesce(() => this.#load());
    this.#save = coalesce(() => this.#saveNow());
    this.#listener = new ChangeListener({
      databaseUrl: deps.databaseUrl,
      logger: deps.logger,
      gatewayId: deps.gatewayId,
      onChange: (revision) => {
        this.#noticed = Math.max(this.#noticed, revision);
        this.#runTick();
      },
    });
  }

  /** The register as it stands now; ask again for each use, it is replaced whole. */
  readonly directory = (): Directory => this.#directory;

  /** The rows themselves, for what a directory does not show: password hashes. */
  readonly rows = (): RegisterRows => this.#rows;

  /** Signs sessions, 32 bytes; undefined until Postgres or a snapshot has been seen once. */
  readonly sessionKey = (): Uint8Array | undefined => this.#sessionKey;

  /** Whether memory agrees with Postgres, for /readyz. */
  check(): { readonly isCurrent: boolean; readonly source: RegistrySource; readonly fault: string | undefined } {
    return { isCurrent: this.#isCurrent, source: this.#source, fault: this.#lastFault };
  }

  /** Answers where the register came from; never rejects because Postgres is away. @throws MigrationError */
  async start(): Promise<RegistrySource> {
    if (this.#isRunning) return this.#source;
    this.#isRunning = true;
    await mkdir(this.#deps.dataDir, { recursive: true, mode: 0o700 });
    await this.#useSnapshot();
    await waitAtMost(this.#source === 'snapshot' ? SNAPSHOT_LIMIT_MS : START_LIMIT_MS, this.#beginTick());
    return this.#source;
  }

  async stop(): Promise<void> {
    this.#isRunning = false;
    clearTimeout(this.#tickTimer);
    await waitAtMost(STOP_LIMIT_MS, this.#tick);
    await this.#listener.stop();
    if (this.#source === 'postgres') await this.#save();
  }

  addHome(home: HomeNew): Promise<string> {
    return this.#write('add a home', (db) => insertHome(db, home, this.#deps.newIds.home));
  }

  addResident(resident: ResidentNew): Promise<string> {
    return this.#write('add a resident', (db) => insertResident(db, resident, this.#deps.newIds));
  }

  addContact(residentId: string, contact: ContactNew): Promise<string> {
    return this.#write('add a contact', (db) => insertContact(db, residentId, contact, this.#deps.newIds.contact));
  }

  async addDevice(
    device: DeviceNew,
    actor = 'system',
    addresses: readonly PlannedAddress[] = [],
  ): Promise<DeviceAdded> {
    if (!this.#deps.isModel(device.model)) {
      throw new RegistryError('bad-request', '/model', 'There is no such model; see the list of models');
    }
    const secret = this.#deps.newSecret();
    const made = { ...this.#by(actor), secret, addresses, newId: this.#deps.newIds.device };
    const id = await this.#write('add a device', (db) => insertDevice(db, device, made));
    return { id, secret };
  }

  /** Ends a device's service: its alarms still ring, marked `retired`. Doing it twice changes nothing. */
  removeDevice(id: string): Promise<void> {
    return this.#write('remove a device', (db) => retireDevice(db, id, this.#deps.clock.nowMs()));
  }

  /** Answers another secret, shown once; under the one before, connections lose their standing. */
  async renewSecret(id: string): Promise<string> {
    const secret = this.#deps.newSecret();
    await this.#write('replace a secret', (db) => replaceSecret(db, id, secret));
    return secret;
  }

  /** Hands a device on: the next wearer begins with nothing of the one before. */
  bindDevice(id: string, binding: DeviceBindingNew, actor: string): Promise<void> {
    return this.#write('bind a device', (db) => rebindDevice(db, id, binding, this.#by(actor)));
  }

  /** The newest first; from Postgres, so not while it is away. */
  loadBindings(id: string): Promise<DeviceBinding[]> {
    return this.#read('load bindings', (db) => loadBindings(db, id));
  }

  setStatus(residentId: string, status: ResidentStatusNew, actor: string): Promise<void> {
    return this.#write('record a status', (db) => insertStatus(db, residentId, status, this.#by(actor)));
  }

  /** The newest first; from Postgres, so not while it is away. */
  loadStatuses(residentId: string): Promise<RecordedStatus[]> {
    return this.#read('load statuses', (db) => loadStatuses(db, residentId));
  }

  setLimits(residentId: string, limits: readonly OwnLimit[], actor: string): Promise<void> {
    return this.#write('record limits', (db) => insertLimits(db, residentId, limits, this.#by(actor)));
  }

  addUser(user: Omit<UserNew, 'password'>, passwordHash: string): Promise<string> {
    return this.#write('add a user', (db) => insertUser(db, user, passwordHash, this.#deps.newIds.user));
  }

  #by(actor: string): { readonly nowMs: number; readonly actor: string } {
    return { nowMs: this.#deps.clock.nowMs(), actor };
  }

  #read<T>(action: string, work: (db: Queryable) => Promise<T>): Promise<T> {
    return inTransaction(this.#deps.pool, action, work, 'read only', LIMIT_MS);
  }

  /** A write of another folder, in the same way as our own; what takes its time by its nature says how long. */
  change<T>(action: string, work: (db: Queryable) => Promise<T>, limitMs = LIMIT_MS): Promise<T> {
    return this.#write(action, work, limitMs);
  }

  /** One transaction at a time over all gateways; the directory shows it before this resolves. */
  async #write<T>(action: string, work: (db: Queryable) => Promise<T>, limitMs = LIMIT_MS): Promise<T> {
    const result = await this.#lockedTransaction(action, work, limitMs);
    await this.#refresh();
    return result;
  }

  #lockedTransaction<T>(action: string, work: (db: Queryable) => Promise<T>, limitMs: number): Promise<T> {
    const write = async (db: Queryable): Promise<T> => {
      const raised = await queryRows<{ revision: string }>(
        db,
        action,
        'update register_revision set revision = revision + 1 returning revision',
      );
      const result = await work(db);
      await queryRows(db, action, 'select pg_notify($1, $2)', [
        CHANNEL,
        `${raised[0]?.revision} ${this.#deps.gatewayId}`,
      ]);
      return result;
    };
    return inTransaction(this.#deps.pool, action, write, undefined, limitMs);
  }

  async #load(): Promise<void> {
    const before = this.#rows;
    const rows = await loadRows(this.#deps.pool, LIMIT_MS);
    if (this.#source === 'postgres' && !isPrepared(rows)) throw new DatabaseEmptyError();
    this.#use(rows);
    for (const deviceId of listRevoked(before, rows)) this.#deps.onDeviceRevoked(deviceId);
    this.#source = 'postgres';
    this.#isCurrent = true;
    this.#lastFault = undefined;
    // Not awaited: a slow disk must not hold up a write that Postgres already keeps. `stop` waits for it.
    void this.#save();
  }

  #build(rows: RegisterRows): Directory {
    return buildDirectory(rows, { numbering: this.#deps.numbering ?? CHINA, nowMs: this.#deps.clock.nowMs });
  }

  #use(rows: RegisterRows): void {
    this.#rows = rows;
    this.#directory = this.#build(rows);
    this.#sessionKey = rows.sessionKey === null ? undefined : Buffer.from(rows.sessionKey, 'base64url');
  }

  async #saveNow(): Promise<void> {
    await trySaveSnapshot(this.#deps.dataDir, this.#rows, this.#deps.clock.nowMs(), this.#deps.logger);
  }

  async #useSnapshot(): Promise<void> {
    const rows = await tryLoadSnapshot(this.#deps.dataDir, this.#deps.logger);
    if (rows === undefined) return;
    this.#use(rows);
    this.#source = 'snapshot';
  }

  /** Brings memory up to Postgres if it can be reached; a turn of the loop, and the whole of a start. */
  async #synchronise(): Promise<void> {
    try {
      if (!this.#isPrepared) await this.#prepare();
      await this.#listener.ensure();
      if (!this.#isCurrent || (await loadRevision(this.#deps.pool)) !== this.#rows.revision) await this.#refresh();
    } catch (err) {
      const fault = errorCode(err);
      if (err instanceof Error && err.name === 'MigrationError') throw err;
      if (this.#lastFault !== fault) this.#deps.logger.warn({ err, source: this.#source }, 'register without postgres');
      this.#lastFault = fault;
      this.#isCurrent = false;
      // Another database may have come in its place, or an older one.
      this.#isPrepared &&= fault !== 'failed' && fault !== 'database-empty';
    }
  }

  async #prepare(): Promise<void> {
    const { migrate, firstStart, newIds, onFirstAdmin } = this.#deps;
    if (this.#source === 'postgres' && (await isBlank(this.#deps.pool))) throw new DatabaseEmptyError();
    await migrate();
    // It hashes a password, which takes its time on a slow machine; nobody waits for it.
    const prepare = (db: Queryable) => prepareFirstStart(db, { ...firstStart, newUserId: newIds.user });
    const admin = await this.#lockedTransaction('prepare the register', prepare, START_LIMIT_MS);
    this.#isPrepared = true;
    if (admin !== undefined) onFirstAdmin(admin);
  }

  #schedule(): void {
    if (!this.#isRunning) return;
    this.#tickTimer = setTimeout(() => this.#runTick(), this.#deps.tickMs ?? TICK_MS);
  }

  /** Tick and trigger are one: a notification only makes the next turn come at once. */
  #runTick(): void {
    if (!this.#isRunning || this.#tick !== undefined) return;
    clearTimeout(this.#tickTimer);
    this.#beginTick().catch((err: unknown) => this.#deps.logger.fatal({ err }, 'register cannot use this database'));
  }

  /** One turn; the next is appointed when it ends. @throws MigrationError */
  #beginTick(): Promise<void> {
    const turn = this.#synchronise().finally(() => {
      this.#tick = undefined;
      if (this.#isCurrent && this.#noticed > this.#rows.revision) this.#runTick();
      else this.#schedule();
    });
    // Whoever waits for its end does not ask how it ended.
    this.#tick = turn.then(
      () => undefined,
      () => undefined,
    );
    return turn;
  }
}
