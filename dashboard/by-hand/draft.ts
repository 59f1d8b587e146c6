import type { IncidentByHand } from '../../gateway/api/contract/actions.ts';
import type { Source } from '../incident/codes.ts';
import type { AlarmType } from '../queue/types.ts';

export type ByHandDraft = {
  readonly type: AlarmType;
  readonly source: Source;
  readonly residentId: string | null;
  readonly text: string;
  readonly number: string;
};

export const EMPTY_BY_HAND: ByHandDraft = { type: 'sos', source: 'phone', residentId: null, text: '', number: '' };

const E164 = /^\+[1-9][0-9]{4,14}$/;

export type ByHandFault = 'needed' | 'numberWrong';

/** The body to send, or what is wrong with it. Spaces and dashes in a number are how people write, not faults. */
export function buildByHand(
  draft: ByHandDraft,
): { readonly ok: true; readonly body: IncidentByHand } | { readonly ok: false; readonly fault: ByHandFault } {
  const text = draft.text.trim();
  const number = normalizeNumber(draft.number);
  if (draft.residentId === null && text === '') return { ok: false, fault: 'needed' };
  if (number !== '' && !E164.test(number)) return { ok: false, fault: 'numberWrong' };
  return {
    ok: true,
    body: {
      type: draft.type,
      source: draft.source,
      ...(draft.residentId === null ? {} : { residentId: draft.residentId }),
      ...(text === '' ? {} : { text }),
      ...(number === '' ? {} : { callerNumber: number }),
    },
  };
}

/** A mainland mobile number written as people write it gets its country code; everything else stays as typed. */
function normalizeNumber(typed: string): string {
  const digits = typed.replace(/[\s()-]/g, '');
  return /^1[3-9][0-9]{9}$/.test(digits) ? `+86${digits}` : digits;
}
