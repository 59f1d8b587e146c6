import type { Duty, DutyStatus } from '../../gateway/api/contract/session.ts';
import type { Api } from '../api/client.ts';
import type { FromWorker } from '../feed/messages.ts';
import type { Timers } from '../feed/timers.ts';

export type PresenceDeps = {
  readonly api: Pick<Api, 'send'>;
  readonly timers: Timers;
  /** Whether this browser sees what happens: a blind console is not present. */
  readonly isLive: () => boolean;
  readonly post: (message: FromWorker) => void;
};

/** 30 s without one and the person's claims lapse (design §4), so two may be lost. */
const HEARTBEAT_MS = 10_000;

/**
 * Tells the gateway that the person is there, and whether on duty with proven sound. It runs in the worker because a
 * window's timers stop when it is not in front; it stops with the last window, with the feed, and with the computer.
 */
export class Presence {
  readonly #deps: PresenceDeps;
  #heartbeatTimer: unknown = null;
  /** What the person said here and the gateway has not answered yet; afterwards it may be said differently elsewhere. */
  #wantsOn: boolean | null = null;
  /** What held last, for a gateway that has lost it. */
  #wasOn = false;
  #isSoundProven = false;
  #known: DutyStatus | null = null;
  #isTelling = false;

  constructor(deps: PresenceDeps) {
    this.#deps = deps;
  }

  start(): void {
    if (this.#heartbeatTimer !== null) return;
    this.#heartbeatTimer = this.#deps.timers.every(HEARTBEAT_MS, () => void this.#beat());
    void this.#beat();
  }

  stop(): void {
    this.#deps.timers.cancel(this.#heartbeatTimer);
    this.#heartbeatTimer = null;
    this.#wantsOn = null;
    this.#wasOn = false;
    this.#isSoundProven = false;
    this.#known = null;
  }

  /** `on` null leaves duty as the gateway has it; `isSoundProven` counts for the whole browser. */
  want(on: boolean | null, isSoundProven: boolean): void {
    this.#wantsOn = on ?? this.#wantsOn;
    this.#isSoundProven = isSoundProven;
    void this.#tellDuty();
  }

  catchUp(): readonly FromWorker[] {
    return this.#known === null ? [] : [{ kind: 'duty', duty: this.#known, isConfirmed: true }];
  }

  /** The first is sent before the stream is up: it tells who is on duty. */
  async #beat(): Promise<void> {
    if (this.#known !== null && !this.#deps.isLive()) return;
    const result = await this.#deps.api.send<DutyStatus>('POST', '/duty/heartbeat');
    if (this.#heartbeatTimer === null) return;
    this.#learn(result.ok ? result.value : null);
    await this.#tellDuty();
  }

  async #tellDuty(): Promise<void> {
    if (this.#isTelling || this.#heartbeatTimer === null || this.#known === null) return;
    const [wantsOn, isProven] = [this.#wantsOn, this.#isSoundProven];
    const on = wantsOn ?? (this.#known.said ? this.#known.on : this.#wasOn);
    const duty: Duty = { on, sound: on && isProven };
    // Another computer of the same person tells its own sound: this one answers for nothing but its own.
    if (this.#known.on === duty.on && this.#known.soundHere === duty.sound) {
      this.#wantsOn = null;
      return;
    }
    this.#isTelling = true;
    const result = await this.#deps.api.send<DutyStatus>('PUT', '/duty', duty);
    this.#isTelling = false;
    if (result.ok && this.#wantsOn === wantsOn) this.#wantsOn = null;
    if (this.#heartbeatTimer === null) return;
    this.#learn(result.ok ? result.value : null);
    // What was wanted may have changed while this was under way; anything else waits for the next heartbeat.
    const hasChanged = this.#wantsOn !== null || this.#isSoundProven !== isProven;
    if (result.ok && hasChanged) await this.#tellDuty();
  }

  #learn(duty: DutyStatus | null): void {
    this.#known = duty ?? this.#known;
    if (duty?.said === true) this.#wasOn = duty.on;
    this.#deps.post({ kind: 'duty', duty: this.#known, isConfirmed: duty !== null });
  }
}
