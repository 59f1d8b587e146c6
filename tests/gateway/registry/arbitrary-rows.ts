import fc from 'fast-check';
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
        home: fc.option(fc.nat(2)),
        retiredAt: fc.option(fc.integer({ min: 0, max: 4e12 })),
        secret: fc.constantFrom('one', 'two', ''),
      }),
      { selector: ({ id }) => id },
    ),
    bindings: fc.uniqueArray(fc.tuple(fc.nat(3), fc.nat(2)), { selector: String }),
    contacts: fc.array(fc.tuple(fc.nat(2), fc.integer({ min: 1, max: 9 })), { maxLength: 5 }),
  })
  .map(({ homeIds, residents, devices, bindings, contacts }) => {
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
      devices: devices.map(({ id, home: index, retiredAt, secret }) => ({
        id,
        model: 'generic-pendant',
        homeId: index === null ? null : (pick(homeIds, index) ?? null),
        place: null,
        retiredAt,
        secretSha256: hashSecret(Buffer.from(secret)).toString('hex'),
      })),
      bindings: bindings.flatMap(([device, resident]) => {
        const [deviceId, residentId] = [pick(devices, device), pick(residents, resident)];
        return deviceId === undefined || residentId === undefined ? [] : [{ deviceId, residentId }];
      }),
      contacts: contacts.flatMap(([resident, order], index) => {
        const residentId = pick(residents, resident);
        return residentId === undefined
          ? []
          : [{ id: `c${index}`, residentId, order, name: `c${index}`, note: null, ...call }];
      }),
    };
  });
