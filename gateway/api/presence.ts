import type { Logger } from 'pino';
import { formatIso, type Clock } from '../clock.ts';
import { errorCode } from '../errors.ts';
import { DutyBook, HELPER_DUTY_MS, mergeDuty, type DutyRecord, type SaidDuty } from '../escalation/duty-book.ts';
import type { DutyMemory } from '../escalation/duty-memory.ts';
import { listPeople } from '../escalation/list-people.ts';
import type { People } from '../escalation/people.ts';
import { SignsOfLife } from '../escalation/signs-of-life.ts';
import { coalesce } from '../registry/coalesce.ts';
import type { Directory, DirectoryUser } from '../registry/directory.ts';
import { redisKey } from '../store/keys.ts';
import { formatBeat, parseBeat, type Beat } from './beat.ts';
import type { Duty, DutyStatus } from './contract/session.ts';

/** What this needs of a Redis client. */
export type PresenceRedis = {
  readonly hset: (key: string, values: Record<string, string>) => Promise<unknown>;
  readonly hdel: (key: string, ...fields: string[]) => Promise<unknown>;
  readonly hgetall: (key: string) => Promise<Record<string, string>>;
};

/** Hash of user id, and of user id, space and session id where that one proved its sound → the last sign of life (`beat.ts`). */
const PRESENCE_KEY = redisKey('presence');
/** Hash of user id → JSON of DutyRecord. */
const DUTY_KEY = redisKey('duty');

/** Between two looks at Redis, and how finely a freeze of the process is seen. Chosen. */
const PULSE_MS = 500;
/** Saying that one is on duty is answered when Redis has it, or after this. Chosen. */
const TELL_LIMIT_MS = 1000;
/** Whoever gave no sign for so long before a start is not there, though their cases get the whole lease. Chosen. */
const STALE_MS = 10 * 60 * 1000;

/** Signs of sessions are dropped from Redis after this; those of people stay. Chosen, longer than any shift. */
const FORGET_SESSION_MS = 24 * 60 * 60 * 1000;

/** Duty said by a person lasts no longer than the session in which they said it; a helper's has its own span. */
export type DutySession = { readonly id: string; readonly expiresAtMs: number };

export type PresenceDeps = {
  readonly redis: PresenceRedis;
  readonly directory: () => Pick<Directory, 'user' | 'users'>;
  /** Of this start of this gateway, never used before: tells its own beats from those of others. */
  readonly writer: string;
  readonly leaseMs: number;
  readonly memory: Pick<DutyMemory, 'load' | 'keep'>;
  readonly clock: Clock;
  readonly logger: Logger;
};

/**
 * Who is there and who is on duty: a person's, not a console's, so any console of theirs keeps it. This gateway knows at once
 * what comes to it, and shares it through Redis with the others and with its next start. Without Redis it goes on with what
 * it hears itself, and tells the others when Redis is back; a start without Redis has duty from the data folder.
 */
export class Presence {
  readonly #deps: PresenceDeps;
  readonly #signs: SignsOfLife;
  readonly #duties = new DutyBook();
  readonly #beats = new Map<string, Beat>();
  readonly #untoldBeats = new Map<string, string>();
  readonly #untoldDuties = new Map<string, string>();
  readonly #synchronise: () => Promise<void>;
  #count = 0;
  #pulseTimer: NodeJS.Timeout | undefined;
  #hasShared = false;
  #isReached = true;

  constructor(deps: PresenceDeps) {
    this.#deps = deps;
    this.#signs = new SignsOfLife(deps.leaseMs);
    this.#synchronise = coalesce(() => this.#run());
  }

  /** Begins to listen to Redis; resolves when the first look is done, whether it answered or not. */
  async start(): Promise<void> {
    if (this.#pulseTimer !== undefined) return;
    this.#pulseTimer = setInterval(() => void this.look(), PULSE_MS);
    const { clock, memory } = this.#deps;
    this.#signs.pulse(clock.monoMs());
    for (const [userId, raw] of await memory.load()) {
      this.#duties.take(userId, raw, { wallMs: clock.nowMs(), monoMs: clock.monoMs() }, true);
    }
    await this.#synchronise();
  }

  stop(): void {
    clearInterval(this.#pulseTimer);
    this.#pulseTimer = undefined;
  }

  /** Consoles can reach this gateway now: each gets a whole lease from here. */
  listens(): void {
    this.#signs.listens(this.#deps.clock.monoMs());
  }

  readonly people: People = {
    list: () => listPeople(this.#deps.directory().users(), (user) => this.#whereIs(user)),
    leaseUntil: (userId) => this.#leaseUntil(userId),
    hasLapsed: (userId) => this.#isPerson(userId) && this.#signs.hasLapsed(userId, this.#deps.clock.monoMs()),
  };

  /** Whatever a person does is a sign of life, of them and of the session in which they do it. */
  alive(userId: string, sessionId: string): void {
    this.#take(userId, sessionId);
    void this.#synchronise();
  }

  heartbeat(userId: string, sessionId: string): DutyStatus {
    this.alive(userId, sessionId);
    return this.status(userId, sessionId);
  }

  /** Counts at once; resolves when Redis has it, or could not be told now. */
  async setDuty(userId: string, duty: Duty, session: DutySession): Promise<DutyStatus> {
    this.#setDuty(userId, duty, session);
    this.#take(userId, session.id);
    await this.#told();
    return this.status(userId, session.id);
  }

  /**
   * Logged off at one computer. Where no other of theirs is there and can be heard, nobody is to be reached any more; cases
   * of theirs have what is left of the lease.
   */
  async leave(userId: string, sessionId: string): Promise<void> {
    this.#setDuty(userId, { on: true, sound: false }, { id: sessionId, expiresAtMs: 0 });
    const user = this.#deps.directory().user(userId);
    if (user === undefined || this.#dutyOf(user)?.sound !== true) {
      this.#beat(userId, userId, true);
      const expiresAtMs = this.#deps.clock.nowMs() + HELPER_DUTY_MS;
      this.#setDuty(userId, { on: false, sound: false }, { id: sessionId, expiresAtMs });
    }
    await this.#told();
  }

  status(userId: string, sessionId: string): DutyStatus {
    const user = this.#deps.directory().user(userId);
    const duty = user === undefined ? null : this.#dutyOf(user);
    const at = this.#beats.get(userId)?.at ?? null;
    return {
      userId,
      on: duty?.on ?? false,
      sound: duty?.sound ?? false,
      soundHere: duty?.heard.includes(sessionId) ?? false,
      said: duty !== null,
      lastHeartbeatAt: at === null ? null : formatIso(at),
    };
  }

  /** Everybody who said that they are on duty and hear it, and did not take it back; they may be gone all the same. */
  saidOnDuty(): readonly DirectoryUser[] {
    return this.#deps
      .directory()
      .users()
      .filter((user) => {
        const duty = this.#saidOf(user);
        return duty?.on === true && duty.sound;
      });
  }

  #take(userId: string, sessionId: string): void {
    this.#beat(userId, userId, false);
    const user = this.#deps.directory().user(userId);
    const isHeard = user !== undefined && this.#saidOf(user)?.heard.includes(sessionId) === true;
    if (isHeard) this.#beat(userId, signOfSession(userId, sessionId), false);
  }

  #beat(userId: string, sign: string, hasLeft: boolean): void {
    const { clock, writer } = this.#deps;
    this.#count += 1;
    const beat: Beat = { writer, count: this.#count, at: clock.nowMs(), hasLeft };
    this.#signs.take(sign, clock.monoMs(), hasLeft);
    if (sign === userId) this.#beats.set(userId, beat);
    this.#untoldBeats.set(sign, formatBeat(beat));
  }

  #setDuty(userId: string, duty: Duty, session: DutySession): void {
    const user = this.#deps.directory().user(userId);
    if (user === undefined) return;
    const { clock } = this.#deps;
    const now = { wallMs: clock.nowMs(), monoMs: clock.monoMs() };
    const held = this.#saidOf(user);
    const merged = mergeDuty(held, duty, session.id);
    // A session that ends first does not end what another one said.
    const heldUntil = merged.heard.some((id) => id !== session.id) ? (held?.until ?? 0) : 0;
    const record: DutyRecord = {
      ...merged,
      at: now.wallMs,
      until: user.roles.includes('helper') ? now.wallMs + HELPER_DUTY_MS : Math.max(session.expiresAtMs, heldUntil),
      epoch: user.epoch,
    };
    const raw = JSON.stringify(record);
    this.#duties.take(userId, raw, now, false);
    this.#untoldDuties.set(userId, raw);
  }

  #saidOf(user: DirectoryUser) {
    return this.#duties.find(user.id, user.epoch, this.#deps.clock.monoMs());
  }

  /** A session that proved its sound and is gone is not heard, though the person sits at another computer. */
  #dutyOf(user: DirectoryUser): SaidDuty | null {
    const said = this.#saidOf(user);
    if (said === null) return null;
    const monoMs = this.#deps.clock.monoMs();
    const heard = said.heard.filter((id) => this.#signs.isPresent(signOfSession(user.id, id), monoMs));
    return { ...said, heard, sound: said.sound && heard.length > 0 };
  }

  #whereIs(user: DirectoryUser) {
    return {
      isPresent: this.#signs.isPresent(user.id, this.#deps.clock.monoMs()),
      duty: this.#dutyOf(user),
    };
  }

  /** The command line has no console that could fall silent: its cases do not lapse, their deadlines go on as for everybody. */
  #isPerson(userId: string): boolean {
    return !userId.startsWith('local.');
  }

  #leaseUntil(userId: string): number | null {
    if (!this.#isPerson(userId) || !this.#signs.isKnown(userId)) return null;
    const { clock } = this.#deps;
    const monoMs = clock.monoMs();
    return Math.round(clock.nowMs() + this.#signs.endsAt(userId, monoMs) - monoMs);
  }

  /** Tells Redis what it does not know yet and reads the rest; resolves when that is done or failed. Never rejects. */
  async look(): Promise<void> {
    this.#signs.pulse(this.#deps.clock.monoMs());
    await this.#synchronise();
  }

  async #told(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const limitTimer = setTimeout(resolve, TELL_LIMIT_MS);
    await Promise.race([this.#synchronise(), promise]);
    clearTimeout(limitTimer);
  }

  /** Never rejects. */
  async #run(): Promise<void> {
    this.#deps.memory.keep(this.#duties.raws());
    try {
      await this.#tell(PRESENCE_KEY, this.#untoldBeats);
      await this.#tell(DUTY_KEY, this.#untoldDuties);
      const { redis } = this.#deps;
      const [beats, duties] = await Promise.all([redis.hgetall(PRESENCE_KEY), redis.hgetall(DUTY_KEY)]);
      const old = this.#learn(beats, duties);
      if (old.length > 0) await redis.hdel(PRESENCE_KEY, ...old);
      this.#isReached = true;
    } catch (error) {
      if (this.#isReached) this.#deps.logger.warn({ code: errorCode(error) }, 'presence is not shared now');
      this.#isReached = false;
    }
  }

  async #tell(key: string, untold: Map<string, string>): Promise<void> {
    if (untold.size === 0) return;
    const told = new Map(untold);
    await this.#deps.redis.hset(key, Object.fromEntries(told));
    for (const [userId, value] of told) if (untold.get(userId) === value) untold.delete(userId);
  }

  /** What others wrote. What this gateway knows better, because it has not told it yet, stays. Gives the signs that may go. */
  #learn(beats: Readonly<Record<string, string>>, duties: Readonly<Record<string, string>>): string[] {
    const { clock, writer } = this.#deps;
    const now = { wallMs: clock.nowMs(), monoMs: clock.monoMs() };
    const isAtStart = !this.#hasShared;
    this.#signs.shared(now.monoMs);
    const old: string[] = [];
    for (const [userId, text] of Object.entries(beats)) {
      const beat = parseBeat(text);
      const isSession = userId.includes(' ');
      if (isSession && (beat === null || Math.abs(now.wallMs - beat.at) > FORGET_SESSION_MS)) old.push(userId);
      if (beat === null || beat.writer === writer || this.#untoldBeats.has(userId)) continue;
      const isStale = isAtStart && Math.abs(now.wallMs - beat.at) > STALE_MS;
      this.#signs.takeShared(userId, text, now.monoMs, beat.hasLeft || isStale);
      if (!isSession) this.#beats.set(userId, beat);
    }
    for (const [userId, raw] of Object.entries(duties)) {
      if (!this.#untoldDuties.has(userId)) this.#duties.take(userId, raw, now, isAtStart);
    }
    // A Redis that came back empty is told again.
    for (const [userId, raw] of this.#duties.raws())
      if (duties[userId] === undefined) this.#untoldDuties.set(userId, raw);
    this.#hasShared = true;
    return old;
  }
}

/** Beside people's own signs; no id of a person has a space. */
function signOfSession(userId: string, sessionId: string): string {
  return `${userId} ${sessionId}`;
}
