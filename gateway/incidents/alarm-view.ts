import type { AlarmEvent } from '../../devices/event.ts';
import type { AlarmFacts } from './facts.ts';
import type { Held } from './held.ts';
import type { ClockTrust, RepeatMark } from './identity.ts';
import type { OpenIndex } from './open-index.ts';
import type { PolicySnapshot } from './policy.ts';
import type { OpenIncident } from './record.ts';

/** What the store knows about one alarm before it is decided. */
export type AlarmView = {
  /** The incident that this very ULID went to before (`-`: none). */
  readonly seen: Held<boolean>;
  readonly repeat: Held<RepeatMark | null>;
  readonly trust: Held<ClockTrust>;
  readonly index: Held<OpenIndex>;
  readonly openOfSubject: readonly OpenIncident[];
};

/** All that a decision about an alarm is made from. */
export type AlarmInput = {
  readonly event: AlarmEvent;
  readonly facts: AlarmFacts;
  readonly view: AlarmView;
  readonly nowMs: number;
  /** What a fresh incident takes with it. */
  readonly policy: PolicySnapshot;
  /** The stream entry that the decision answers; null for a case by hand. */
  readonly streamId: string | null;
};
