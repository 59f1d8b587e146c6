import type { Resident } from '../../gateway/api/contract/registry.ts';
import type { Whose } from './callers.ts';

/** Somebody who can be called about this case, in the order of calling. */
export type CallTarget = {
  /** Identifies the row on the screen. */
  readonly key: string;
  readonly name: string;
  readonly number: string;
  /** Null for the resident's own number. */
  readonly contactId: string | null;
  /** Names of the residents whose number or contact it is. */
  readonly of: readonly string[];
  readonly relation: string | null;
  readonly hasKey: boolean;
  readonly minutesAway: number | null;
  readonly language: string | null;
  readonly note: string | null;
  /** Only of somebody who rang and whose number stands nowhere else. */
  readonly caller?: Whose;
};

/** The residents' own numbers first, then their contacts in the registered order. */
export function listTargets(residents: readonly Resident[]): readonly CallTarget[] {
  const own = residents.flatMap((resident) =>
    resident.number === null ? [] : [targetOfResident(resident, resident.number)],
  );
  const contacts = residents.flatMap((resident) =>
    resident.contacts
      .toSorted((a, b) => a.order - b.order)
      .map((contact) => ({
        key: `contact:${contact.id}`,
        name: contact.name,
        number: contact.number,
        contactId: contact.id,
        of: [resident.name],
        relation: contact.relation,
        hasKey: contact.hasKey,
        minutesAway: contact.minutesAway,
        language: contact.language,
        note: contact.note,
      })),
  );
  return mergeSameNumber([...own, ...contacts]);
}

/** A daughter of both is one call. */
function mergeSameNumber(targets: readonly CallTarget[]): readonly CallTarget[] {
  const byNumber = new Map<string, CallTarget>();
  for (const target of targets) {
    const held = byNumber.get(target.number);
    byNumber.set(
      target.number,
      held === undefined
        ? target
        : {
            ...held,
            name: held.name === target.name ? held.name : `${held.name} / ${target.name}`,
            of: [...new Set([...held.of, ...target.of])],
            hasKey: held.hasKey || target.hasKey,
          },
    );
  }
  return [...byNumber.values()];
}

/** Who can open the door, nearest first; unknown distance last. */
export function sortKeyHolders(targets: readonly CallTarget[]): readonly CallTarget[] {
  return targets
    .filter((target) => target.hasKey)
    .toSorted((a, b) => (a.minutesAway ?? Infinity) - (b.minutesAway ?? Infinity));
}

function targetOfResident(resident: Resident, number: string): CallTarget {
  return {
    key: `resident:${resident.id}`,
    name: resident.name,
    number,
    contactId: null,
    of: [resident.name],
    relation: null,
    hasKey: false,
    minutesAway: null,
    language: null,
    note: null,
  };
}
