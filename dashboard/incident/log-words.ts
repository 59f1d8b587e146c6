import type { LogEntry } from '../../gateway/api/contract/incident.ts';
import type { CallTarget } from './targets.ts';
import { isCallTo } from './calls.ts';

/** Looks a word up; `fallback` when the dictionary has none: the gateway may know codes that this page does not. */
export type Say = (key: string, params: Readonly<Record<string, unknown>>, fallback: string) => string;

/** What happened, in words. */
export function describeEntry(entry: LogEntry, say: Say, targets: readonly CallTarget[]): string {
  const { data, type } = entry;
  const word = (group: string, code: unknown): string =>
    typeof code === 'string' ? say(`words.${group}.${code}`, {}, code) : say('incident.entry.someone', {}, '');
  switch (type) {
    case 'call': {
      // Who rang and is registered nowhere has a number and no name.
      const target = targets.find((candidate) => candidate.caller === undefined && isCallTo(entry, candidate));
      const whom = target?.name ?? text(data['number']) ?? say('incident.entry.someone', {}, '');
      return say('incident.entry.call', { whom, result: word('callResult', data['result'] ?? 'ringing') }, type);
    }
    case 'contact':
      return say('incident.entry.contact', { contact: word('contact', data['kind']) }, type);
    case 'resolve': {
      const outcome = word('outcome', data['outcome']);
      if (typeof data['contact'] !== 'string') return say('incident.entry.resolve', { outcome }, type);
      const contact = [word('contact', data['contact']), text(data['name'])].filter((part) => part !== null).join(' ');
      return say('incident.entry.resolveContact', { outcome, contact }, type);
    }
    case 'step':
      return say(
        data['passedOver'] === true ? 'incident.entry.stepEmpty' : 'incident.entry.step',
        { step: word('step', data['step']) },
        type,
      );
    case 'notified':
      return say('incident.entry.notified', { result: word('notice', data['result']) }, type);
    case 'authority': {
      const service = text(data['service']) ?? '';
      return say('incident.entry.authority', { service, stage: word('authorityStage', data['stage']) }, type);
    }
    case 'joined': {
      const kind = text(data['kind']) ?? 'alarm';
      if (kind === 'call') return say(`incident.entry.call-${text(data['call']) ?? 'ended'}`, {}, type);
      if (data['call'] !== undefined) return say('incident.entry.calledAgain', {}, type);
      if (kind !== 'alarm') return say(`incident.entry.${kind}`, {}, type);
      return say('incident.entry.joined', { type: word('type', data['type']) }, type);
    }
    case 'rang':
      return say(`incident.entry.${rangKey(data)}`, {}, type);
    default:
      return say(`incident.entry.${type}`, {}, type);
  }
}

function rangKey(data: LogEntry['data']): string {
  switch (data['reason']) {
    case 'deadline':
      return data['state'] === 'open' ? 'rangUnanswered' : 'rangAsked';
    case 'overdue':
      return 'rangOverdue';
    case 'lapsed':
      return 'rangLapsed';
    default:
      return 'rang';
  }
}

/** What somebody wrote with it, or null. */
export function textOfEntry(entry: LogEntry): string | null {
  return text(entry.data['text']);
}

export type ActorKind =
  | { readonly kind: 'me' | 'system' | 'device' | 'local' }
  | { readonly kind: 'user'; readonly name: string };

/** Who did it. A colleague whom the register does not know any more is shown by the id. */
export function calcActor(actor: string, actorName: string | null, myId: string): ActorKind {
  const [kind = '', ...rest] = actor.split(':');
  const id = rest.join(':');
  if (kind === 'user') return id === myId ? { kind: 'me' } : { kind: 'user', name: actorName ?? id };
  if (kind === 'device' || kind === 'local') return { kind };
  return { kind: 'system' };
}

function text(value: unknown): string | null {
  if (typeof value === 'string' && value !== '') return value;
  return typeof value === 'number' ? String(value) : null;
}
