import { ALARM_TYPES } from '../../devices/alarm-types.ts';
import { formatIso } from '../clock.ts';
import type { NotificationDraft } from '../incidents/commit.ts';
import type { IncidentRecord } from '../incidents/record.ts';
import type { Directory } from '../registry/directory.ts';
import { wantsNotice } from './notice-contacts.ts';
import { contactText, helperText } from './notice-texts.ts';

/** What one person is told, made at the moment of sending: it holds personal data and is kept nowhere. */
export type Notice = {
  readonly id: string;
  /** ISO 8601: when it was decided that this person is told. */
  readonly at: string;
  readonly reason: NotificationDraft['reason'];
  readonly step: string;
  readonly to: NoticeUser | NoticeContact;
  readonly incident: {
    readonly id: string;
    readonly type: string;
    /** Every type of alarm that it has had. */
    readonly types: readonly string[];
    readonly priority: number;
    readonly region: string | null;
    readonly openedAt: string;
    readonly presses: number;
    readonly state: string;
    readonly advice?: readonly NoticeAdvice[];
  };
  readonly resident: { readonly name: string } | null;
  /** Who it may be while that is not certain; for helpers. */
  readonly candidates?: readonly { readonly name: string }[];
  /** For helpers. */
  readonly home?: {
    readonly address: string;
    readonly entrance: string | null;
    readonly accessPlan: string | null;
  } | null;
  /** In Chinese, short, makes sense by itself. */
  readonly text: string;
};

type NoticeUser = {
  readonly kind: 'user';
  readonly id: string;
  readonly name: string;
  readonly username: string;
};
type NoticeContact = {
  readonly kind: 'contact';
  readonly id: string;
  readonly name: string;
  readonly number: string;
  readonly language: string | null;
};

/** `119-first`, `do-not-enter`: smoke, gas, CO (design §4 Policy); `no-spark`: gas: no bell, switch or landline. */
export type NoticeAdvice = '119-first' | 'do-not-enter' | 'no-spark';

/** Why somebody is not told after all. */
export type WithheldCode = 'unknown-recipient' | 'not-chosen' | 'must-not-be-told' | 'silent' | 'other-person';

export type Composed = { readonly notice: Notice } | { readonly withheld: WithheldCode };

type Register = Pick<Directory, 'user' | 'resident' | 'home'>;

/** Puts together what this person needs and no more, or says why they are not told. Pure. */
export function composeNotice(draft: NotificationDraft, incident: IncidentRecord, register: Register): Composed {
  return draft.to.kind === 'user'
    ? composeForUser(draft, incident, register)
    : composeForContact(draft, incident, register);
}

function composeForUser(draft: NotificationDraft, incident: IncidentRecord, register: Register): Composed {
  const user = register.user(draft.to.id);
  if (user === undefined) return { withheld: 'unknown-recipient' };
  const home = incident.homeId === null ? undefined : register.home(incident.homeId);
  const resident = findResident(incident, register);
  const names = incident.candidates.flatMap((id) => register.resident(id)?.name ?? []);
  return {
    notice: {
      ...headOf(draft, incident),
      to: { kind: 'user', id: user.id, name: user.name, username: user.username },
      resident: resident === undefined ? null : { name: resident.name },
      ...(resident === undefined && names.length > 0 ? { candidates: names.map((name) => ({ name })) } : {}),
      home: home === undefined ? null : { address: home.address, entrance: home.entrance, accessPlan: home.accessPlan },
      text: helperText(resident?.name ?? null, incident.type, draft.reason),
    },
  };
}

/** Somebody may be standing beside the phone: while an alarm of a silent type is among them, no contact is told. */
function composeForContact(draft: NotificationDraft, incident: IncidentRecord, register: Register): Composed {
  if (incident.types.some((type) => ALARM_TYPES[type].silent)) return { withheld: 'silent' };
  // Meanwhile an operator may have found out that it is somebody else.
  const resident = findResident(incident, register);
  if (resident === undefined) return { withheld: 'other-person' };
  const contact = resident.contacts.find(({ id }) => id === draft.to.id);
  if (contact === undefined) return { withheld: 'other-person' };
  if (contact.mustNotBeTold) return { withheld: 'must-not-be-told' };
  if (!wantsNotice(contact)) return { withheld: 'not-chosen' };
  const { id, name, number, language } = contact;
  return {
    notice: {
      ...headOf(draft, incident),
      to: { kind: 'contact', id, name, number, language },
      resident: { name: resident.name },
      text: contactText(resident.name, incident.type, incident.state === 'resolved'),
    },
  };
}

function headOf(draft: NotificationDraft, incident: IncidentRecord) {
  const { id, type, types, priority, region, openedAt, presses, state } = incident;
  const advice = adviceOf(incident);
  return {
    id: draft.id,
    at: formatIso(draft.at),
    reason: draft.reason,
    step: draft.step,
    incident: {
      ...{ id, type, types, priority, region, openedAt: formatIso(openedAt), presses, state },
      ...(advice.length > 0 ? { advice } : {}),
    },
  };
}

function findResident({ residentId }: IncidentRecord, register: Register) {
  return residentId === null ? undefined : register.resident(residentId);
}

function adviceOf({ types }: IncidentRecord): NoticeAdvice[] {
  const isAir = types.some((type) => type === 'smoke' || type === 'gas' || type === 'co');
  const isGas = types.includes('gas');
  return [...(isAir ? (['119-first', 'do-not-enter'] as const) : []), ...(isGas ? (['no-spark'] as const) : [])];
}
