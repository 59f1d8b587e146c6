import type { FeedIncident, FeedStatus } from '../../gateway/api/contract/feed.ts';
import type { Incident } from '../../gateway/api/contract/incident.ts';
import type { DutyStatus } from '../../gateway/api/contract/session.ts';

/** From a window to the holder of the stream. */
export type ToWorker =
  | { readonly kind: 'join'; readonly userId: string; readonly csrf: string }
  | { readonly kind: 'leave' }
  /** The answer to each tick: a window that crashed or was discarded never says that it leaves. */
  | { readonly kind: 'here' }
  /** What this window's person wants (null: leave as it is) and whether this window's sound is proven. */
  | { readonly kind: 'duty'; readonly on: boolean | null; readonly isSoundProven: boolean };

/** From the holder of the stream to its windows. */
export type FromWorker =
  | { readonly kind: 'snapshot'; readonly incidents: readonly Incident[]; readonly heardAt: number }
  | { readonly kind: 'incident'; readonly change: FeedIncident; readonly heardAt: number }
  /** What a command of this window answered; it takes the same way as the stream's news. */
  | { readonly kind: 'answer'; readonly incident: Incident }
  | { readonly kind: 'status'; readonly status: FeedStatus; readonly ageMs: number }
  | { readonly kind: 'stream'; readonly isUp: boolean }
  | { readonly kind: 'duty'; readonly duty: DutyStatus | null; readonly isConfirmed: boolean }
  | { readonly kind: 'date'; readonly date: string; readonly readAtMs: number }
  | { readonly kind: 'unauthenticated' }
  /** This window was taken for gone: it must say again what it said when it joined. */
  | { readonly kind: 'rejoin' }
  /** Once a second, so that a window notices when its worker has died and ticks when it is not in front. */
  | { readonly kind: 'tick' };
