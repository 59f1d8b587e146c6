import { expect, test } from 'vitest';
import type { Actor } from '../../../../gateway/api/auth/actor.ts';
import { createCaseFiles } from '../../../../gateway/api/auth/case-files.ts';
import { calcSight, canActOn, canSeeIncident } from '../../../../gateway/api/auth/incident-scope.ts';
import { canSee } from '../../../../gateway/api/auth/scope.ts';
import type { Role } from '../../../../gateway/api/contract/session.ts';
import type { OpenIncident } from '../../../../gateway/incidents/record.ts';
import { NOW, openIncident, resolvedIncident } from '../../incidents/build.ts';

const EAST = 'city/east';

function person(id: string, role: Role | readonly Role[], region: string): Actor {
  return { kind: 'user', user: { id, username: id, name: id, roles: [role].flat(), regions: [region], epoch: 1 } };
}

const ACTORS = {
  local: { kind: 'local', uid: 0 },
  east: person('east', 'operator', EAST),
  west: person('west', 'operator', 'city/west'),
  boss: person('boss', 'supervisor', 'city/west'),
  told: person('told', 'helper', EAST),
  sent: person('sent', 'helper', EAST),
  helper: person('helper', 'helper', EAST),
} as const satisfies Record<string, Actor>;

/** The names of those for whom something holds. */
function whoever(can: (actor: Actor) => boolean): string {
  return Object.entries(ACTORS)
    .filter(([, actor]) => can(actor))
    .map(([name]) => name)
    .join(' ');
}

const CASE = { region: EAST, isForAll: false, residentId: 'r-1', homeId: 'h-1', deviceId: 'd-1', candidates: [] };

test.each<[string, Partial<OpenIncident>, string]>([
  ['of a region', {}, 'local east'],
  ['that rang beyond its region', { isForAll: true }, 'local east west boss'],
  ['of no region', { region: null }, 'local east west boss'],
  ['to which a helper was called', { toldIds: ['told'] }, 'local east told'],
  ['to which a helper was sent', { toldIds: ['told'], helperId: 'sent' }, 'local east told sent'],
])('a case %s is seen by those who must see it', (_name, changes, expected) => {
  const incident = openIncident({ ...CASE, ...changes });
  expect(whoever((actor) => canSeeIncident(actor, incident))).toBe(expected);
});

test('a helper who was called sees how a case stands; the one who goes sees all of it, until it is closed', () => {
  const changes = { ...CASE, toldIds: ['told', 'sent'] };
  const called = openIncident(changes);
  const sent = openIncident({ ...changes, helperId: 'sent' });
  const closed = resolvedIncident({ ...changes, helperId: 'sent' });
  for (const [incident, told, goes] of [
    [called, 'head', 'head'],
    [sent, 'head', 'whole'],
    [closed, 'none', 'none'],
  ] as const) {
    expect(calcSight(ACTORS.told, incident)).toBe(told);
    expect(calcSight(ACTORS.sent, incident)).toBe(goes);
    expect(calcSight(ACTORS.east, incident)).toBe('whole');
    // Who acts on what is closed hears that it is closed, not that it never was.
    expect(whoever((actor) => canActOn(actor, incident))).toBe('local east told sent');
  }
});

test('an operator who is a helper too sees all of what is theirs, and of other regions what they were called to', () => {
  const both = person('west', ['operator', 'helper'], 'city/west');
  const changes = { ...CASE, toldIds: ['west'] };
  expect(calcSight(both, openIncident(changes))).toBe('head');
  expect(calcSight(both, openIncident({ ...changes, isForAll: true }))).toBe('whole');
  expect(calcSight(both, resolvedIncident(changes))).toBe('none');
});

test('a helper sees nothing of the register by region, not even what lies in none', () => {
  expect(whoever((actor) => canSee(actor, EAST))).toBe('local east');
  expect(whoever((actor) => canSee(actor, null))).toBe('local east west boss');
});

/** Who may read the file of the resident, the home and the device through open cases. */
function readers(open: readonly OpenIncident[], residentId = 'r-1', boundFrom: string | null = null) {
  const homes: Record<string, string> = { 'r-1': 'h-1', 'r-2': 'h-2' };
  const files = createCaseFiles({
    open: () => open,
    directory: () => ({
      resident: (id) => (homes[id] === undefined ? undefined : ({ id, homeId: homes[id] } as never)),
    }),
  });
  return {
    resident: whoever((actor) => files.resident(actor, { id: residentId })),
    home: whoever((actor) => files.home(actor, { id: homes[residentId] ?? '' })),
    device: whoever((actor) => files.device(actor, { id: 'd-1', boundFrom })),
  };
}

test('an open case opens its files to whoever sees it, and of the helpers to the one who goes', () => {
  const all = 'local east west boss sent';
  const incident = openIncident({ ...CASE, isForAll: true, toldIds: ['told', 'sent'], helperId: 'sent' });
  expect(readers([incident])).toEqual({ resident: all, home: all, device: all });
  const called = openIncident({ ...CASE, isForAll: true, toldIds: ['told', 'sent'] });
  expect(readers([called]).resident).toBe('local east west boss');
});

test('a device that was handed on since the case opened tells nothing of its next wearer', () => {
  const incident = openIncident({ ...CASE, isForAll: true });
  const boundFrom = (ms: number) => new Date(NOW + ms).toISOString();
  expect(readers([incident], 'r-1', boundFrom(-1)).device).toBe('local east west boss');
  expect(readers([incident], 'r-1', boundFrom(1)).device).toBe('');
});

test('without a case, and beside it, nothing is open', () => {
  expect(readers([])).toEqual({ resident: '', home: '', device: '' });
  const other = openIncident({ ...CASE, deviceId: 'd-2', isForAll: true });
  expect(readers([other], 'r-2')).toEqual({ resident: '', home: '', device: '' });
});

test('while it is uncertain whose case it is, all whom it may be about are open', () => {
  const uncertain = openIncident({
    ...CASE,
    residentId: null,
    homeId: null,
    isForAll: true,
    candidates: ['r-1', 'r-2'],
  });
  for (const id of ['r-1', 'r-2']) {
    expect(readers([uncertain], id)).toMatchObject({ resident: 'local east west boss', home: 'local east west boss' });
  }
});
