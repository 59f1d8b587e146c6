import { isDeviceId, parseTopic, type UpSubtopic } from '../../../protocols/mqtt-json/topics.ts';
import type { Standing } from '../../standing.ts';
import type { StandingSource } from '../ports.ts';
import { claimedIdOf } from './session.ts';

export type Sender = {
  readonly username: string | undefined;
  readonly claimedId: string | undefined;
  readonly standing: Standing;
};

export type Route =
  | { readonly kind: 'alarm'; readonly deviceId: string; readonly standing: Standing; readonly publisher?: string }
  | { readonly kind: Exclude<UpSubtopic, 'alarm'>; readonly deviceId: string }
  | { readonly kind: 'drop'; readonly reason: DropReason };

export type DropReason = 'quarantined' | 'foreign-topic' | 'down-topic' | 'unknown-topic';

/**
 * Where a PUBLISH goes (design §7 Quarantine, §8). An alarm is an alarm whoever sends it; everything else counts only from
 * a verified device about itself, and is otherwise acknowledged and dropped.
 */
export function routePublish(sender: Sender, topic: string, directory: StandingSource): Route {
  const parsed = parseTopic(topic);
  if (parsed?.subtopic === 'alarm') return routeAlarm(sender, parsed.name, directory);
  if (sender.standing !== 'verified') return { kind: 'drop', reason: 'quarantined' };
  if (parsed === undefined) return { kind: 'drop', reason: 'unknown-topic' };
  if (parsed.name !== sender.username) return { kind: 'drop', reason: 'foreign-topic' };
  if (parsed.subtopic === 'vitals' || parsed.subtopic === 'status')
    return { kind: parsed.subtopic, deviceId: parsed.name };
  return { kind: 'drop', reason: 'down-topic' };
}

function routeAlarm(sender: Sender, name: string, directory: StandingSource): Route {
  const deviceId = claimedIdOf(name);
  if (name === sender.username) return { kind: 'alarm', deviceId, standing: sender.standing };
  if (sender.claimedId === undefined) return { kind: 'alarm', deviceId, standing: standingOfNobody(name, directory) };
  return { kind: 'alarm', deviceId, standing: 'unverified', publisher: sender.claimedId };
}

/** Nobody said who they are, so there is no publisher to name; what is known of the device itself is the better mark. */
function standingOfNobody(name: string, directory: StandingSource): Standing {
  if (!isDeviceId(name)) return 'unregistered';
  const standing = safeStandingOf(directory, name, undefined);
  return standing === 'verified' ? 'unverified' : standing;
}

/** A register that fails makes a sender unproven, never unheard (promise P2). */
export function safeStandingOf(directory: StandingSource, name: string, secret: Uint8Array | undefined): Standing {
  try {
    return directory.standingOf(name, secret);
  } catch {
    // Said by register-faults.ts.
    return 'unverified';
  }
}
