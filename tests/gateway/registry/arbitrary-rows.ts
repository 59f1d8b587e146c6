import fc from 'fast-check';
import { STATUS_KINDS } from '../../../gateway/api/contract/registry.ts';
import { hashSecret } from '../../../gateway/registry/build-directory.ts';
import { EMPTY_ROWS, type RegisterRows } from '../../../gateway/registry/rows.ts';

/** Small worlds over few ids, so that homes are shared, empty and pointed to by devices of all kinds. */
export const arbitraryRows: fc.Arbitrary<RegisterRows> = fc
  .record({
    homeIds: fc.uniqueArray(fc.constantFrom('h1', 'h2', 'h3')),
    residents: fc.uniqueArray(fc.record({ id: fc.constantFrom('r1', 'r2', 'r3'), home: fc.nat(2) }), {
      selector: ({ id }) => id,
    }),
    devices: fc.uniqueArray(
      fc.record({
        id: fc.constantFrom('d1', 'd2', 'd3', 'd4'),
        retiredAt: fc.option(fc.integer({ min: 0, max: 4e12 })),
        secret: fc.constantFrom('one', 'two', ''),
      }),
      { selector: ({ id }) => id },
    ),
    bindings: fc.array(
      fc.record({ device: fc.nat(3), home: fc.option(fc.nat(2)), residents: fc.uniqueArray(fc.nat(2)) }),
      { maxLength: 8 },
    ),
    statuses: fc.array(
      fc.record({
        resident: fc.nat(2),
        kind: fc.constantFrom(...STATUS_KINDS),
        from: fc.integer({ min: 0, max: 20 }),
        span: fc.option(fc.integer({ min: 1, max: 9 })),
        recordedAt: fc.integer({ min: 0, max: 20 }),
      }),
      { maxLength: 6 },
    ),
    contacts: fc.array(fc.tuple(fc.nat(2), fc.integer({ min: 1, max: 9 })), { maxLength: 5 }),
  })
  .map(({ homeIds, residents, devices, bindings, statuses, contacts }) => {
    const pick = (list: readonly { id: string }[] | readonly string[], index: number): string | undefined => {
      const found = list[index];
      return typeof found === 'string' ? found : found?.id;
    };
    const home = { region: 'a/b', address: 'x', entrance: null, accessPlan: null };
    const person = { number: null, birthYear: null, categories: [], speech: null, health: null };
    const call = { relation: null, number: '+8613900000000', hasKey: false, minutesAway: null, language: null };
    return {
      ...EMPTY_ROWS,
      homes: homeIds.map((id) => ({ id, ...home })),
      residents: residents.flatMap(({ id, home: index }) => {
        const homeId = pick(homeIds, index);
        return homeId === undefined ? [] : [{ id, homeId, name: `name ${id}`, ...person }];
      }),
      devices: devices.map(({ id, retiredAt, secret }) => ({
        id,
        model: 'generic-pendant',
        retiredAt,
        secretSha256: hashSecret(Buffer.from(secret)).toString('hex'),
      })),
      // Of each device in order, each ending where the next begins.
      bindings: bindings
        .flatMap(({ device, home: index, residents: worn }, n) => {
          const deviceId = pick(devices, device);
          const homeId = index === null ? null : (pick(homeIds, index) ?? null);
          const residentIds = worn.map((resident) => pick(residents, resident)).filter((id) => id !== undefined);
          return deviceId === undefined ? [] : [{ deviceId, homeId, place: null, residentIds, from: n * 10 }];
        })
        .map((row, n, all) => ({
          ...row,
          number: all.slice(0, n + 1).filter(({ deviceId }) => deviceId === row.deviceId).length,
          until: all.slice(n + 1).find(({ deviceId }) => deviceId === row.deviceId)?.from ?? null,
        })),
      statuses: statuses.flatMap(({ resident, kind, from, span, recordedAt }) => {
        const residentId = pick(residents, resident);
        const until = span === null ? null : from + span;
        return residentId === undefined ? [] : [{ residentId, kind, from, until, note: null, recordedAt }];
      }),
      contacts: contacts.flatMap(([resident, order], index) => {
        const residentId = pick(residents, resident);
        return residentId === undefined
          ? []
          : [{ id: `c${index}`, residentId, order, name: `c${index}`, note: null, ...call }];
      }),
    };
  });
