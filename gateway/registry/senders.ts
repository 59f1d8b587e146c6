import { createHmac } from 'node:crypto';
import type { AccountBook, NumberBook, Sender } from '../../devices/links/ports.ts';
import type { Caller } from '../../devices/event.ts';
import { type AddressRow, isConfirmed } from './addresses.ts';
import type { DirectoryDevice, DirectoryResident } from './directory.ts';
import { canonicalNumber, type Numbering } from './phone-number.ts';
import type { RegisterRows } from './rows.ts';

/** Separates what is made of the session key for this from everything else that is. */
const PURPOSE = 'names of telephone numbers';
const NAME_DIGITS = 16;
/**
 * A number of more residents tells nothing about any of them: a community worker is the contact of hundreds, whose files would all be
 * opened with the case. Chosen.
 */
const MOST_RESIDENTS = 16;

/**
 * Whose account and whose number it is. Of several with the same, the one in service counts; a number is looked for among
 * devices first, then residents, their contacts, and devices whose service ended or whose number is in doubt. Pure but for the
 * clock, total.
 */
export function createSenders(known: {
  readonly rows: Pick<RegisterRows, 'addresses' | 'sessionKey'>;
  readonly device: (id: string) => DirectoryDevice | undefined;
  readonly residents: readonly DirectoryResident[];
  readonly numbering: Numbering;
  readonly nowMs: () => number;
}): AccountBook & NumberBook {
  const { rows, device, numbering, nowMs } = known;
  const addresses = rows.addresses ?? [];
  const accounts = indexAddresses(addresses, 'account');
  const numbers = indexAddresses(addresses, 'number');
  const people = indexPeople(known.residents, numbering);
  const nameKey =
    rows.sessionKey === null
      ? undefined
      : createHmac('sha256', Buffer.from(rows.sessionKey, 'base64url')).update(PURPOSE).digest();

  /** Nobody hides behind the name of a device that the register knows. */
  const stranger = (deviceId: string): Sender => {
    const namesake = device(deviceId);
    const standing = namesake === undefined ? 'unregistered' : namesake.retiredAt === null ? 'unverified' : 'retired';
    return { deviceId, standing, model: null, key: null };
  };
  const sender = (address: AddressRow, owner: DirectoryDevice): Sender => ({
    deviceId: owner.id,
    standing: address.endedAt !== null ? 'retired' : isConfirmed(address, nowMs()) ? 'verified' : 'unverified',
    model: owner.model,
    key: address.key === null ? null : Buffer.from(address.key, 'hex'),
  });
  const find = (of: ReadonlyMap<string, AddressRow>, key: string) => {
    const address = of.get(key);
    const owner = address === undefined ? undefined : device(address.deviceId);
    return address === undefined || owner === undefined ? undefined : { address, owner };
  };
  /** Whether a number that is a person's too counts as the device's. In doubt it is theirs, unless they live where the device is. */
  const isDevices = ({ address, owner }: NonNullable<ReturnType<typeof find>>, person: Person): boolean => {
    const isTheirHome = owner.homeId !== null && owner.homeId === person.homeId;
    return address.endedAt === null && (isConfirmed(address, nowMs()) || isTheirHome);
  };
  const nameOf = (line: string, number: string): string =>
    nameKey === undefined
      ? line
      : `tel-${createHmac('sha256', nameKey).update(number).digest('hex').slice(0, NAME_DIGITS)}`;

  return {
    accountOf: (receiver, told) => {
      const account = told.toUpperCase();
      const [own, plain] = [find(accounts, keyOf(receiver, account)), find(accounts, keyOf(null, account))];
      // An account that ended its service at this receiver may have begun again at any.
      const found = own?.address.endedAt === null ? own : plain?.address.endedAt === null ? plain : (own ?? plain);
      return found === undefined ? stranger(`${receiver}-${account}`) : sender(found.address, found.owner);
    },
    callerOf: (line, told) => {
      const number = told === null ? null : canonicalNumber(told, numbering);
      if (number === null) return { ...stranger(line), caller: NOBODY };
      const found = find(numbers, keyOf(null, number));
      const person = people.get(number);
      if (found !== undefined && (person === undefined || isDevices(found, person))) {
        const { residentIds, homeId } = found.owner;
        const caller: Caller = { number, whose: 'device', residentIds, homeId };
        return { ...sender(found.address, found.owner), caller };
      }
      const made = stranger(nameOf(line, number));
      if (person === undefined) return { ...made, caller: { ...NOBODY, number, whose: 'unknown' } };
      const { whose, homeId } = person;
      const residentIds = person.residentIds.length > MOST_RESIDENTS ? [] : [...person.residentIds];
      return { ...made, standing: 'verified', caller: { number, whose, residentIds, homeId } };
    },
  };
}

const NOBODY: Caller = { number: null, whose: 'withheld', residentIds: [], homeId: null };

type Person = {
  readonly whose: 'resident' | 'contact';
  /** One more than count tells that there are too many. */
  readonly residentIds: string[];
  /** Null where they are of several homes. */
  homeId: string | null;
};

/**
 * A resident's own number is theirs also where it is somebody else's contact. Made anew after each write of the register, on the
 * thread of the alarms: of 40,000 numbers, so nothing is made for a number but its own.
 */
function indexPeople(residents: readonly DirectoryResident[], numbering: Numbering): ReadonlyMap<string, Person> {
  const people = new Map<string, Person>();
  const add = (told: string, whose: Person['whose'], { id, homeId }: DirectoryResident): void => {
    const number = canonicalNumber(told, numbering);
    if (number === null) return;
    const there = people.get(number);
    if (there === undefined) people.set(number, { whose, residentIds: [id], homeId });
    else if (there.whose === whose) {
      const { residentIds } = there;
      // All contacts of a resident come one after the other.
      if (residentIds.length <= MOST_RESIDENTS && residentIds.at(-1) !== id) residentIds.push(id);
      if (there.homeId !== homeId) there.homeId = null;
    }
  };
  for (const resident of residents) if (resident.number !== null) add(resident.number, 'resident', resident);
  for (const resident of residents) for (const { number } of resident.contacts) add(number, 'contact', resident);
  return people;
}

function indexAddresses(addresses: readonly AddressRow[], kind: AddressRow['kind']): ReadonlyMap<string, AddressRow> {
  // Later rows replace earlier ones, so those in service come last, and the last that ended before them.
  const sorted = addresses
    .filter((row) => row.kind === kind)
    .toSorted((a, b) => (a.endedAt ?? Infinity) - (b.endedAt ?? Infinity) || 0);
  return new Map(sorted.map((row) => [keyOf(row.receiver, row.value), row]));
}

function keyOf(receiver: string | null, value: string): string {
  // People write DC09.
  return receiver === null ? value : `${receiver.toLowerCase()}/${value}`;
}
