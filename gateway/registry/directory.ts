import type { OwnLimit } from '../api/contract/limits.ts';
import type { Contact, Device, Home, Resident } from '../api/contract/registry.ts';
import type { Role } from '../api/contract/session.ts';
import type { AccountBook, NumberBook } from '../../devices/links/ports.ts';
import type { Standing } from '../../devices/standing.ts';
import type { DirectoryAddress } from './addresses.ts';
import type { Status } from './calc-status.ts';

/** A person who logs in, without anything secret. */
export type DirectoryUser = {
  readonly id: string;
  readonly username: string;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly regions: readonly string[];
  /** Sessions of an older epoch are revoked. */
  readonly epoch: number;
};

/** A device as it is bound at one moment. */
export type DirectoryDevice = Omit<Device, 'lastContactAt' | 'addresses' | 'mobility'> & {
  /** From 1; another number is another wearer, to whom nothing of the one before is shown. */
  readonly binding: number;
};
export type DirectoryHome = Omit<Home, 'residentIds' | 'deviceIds'>;
/** Without the status, which changes by itself as time passes: `statusOf` tells it. */
export type DirectoryResident = Omit<Resident, 'status'>;
export type DirectoryContact = Contact;

export type OwnLimits = {
  readonly limits: readonly OwnLimit[];
  /** Epoch milliseconds; null where nothing was ever recorded. */
  readonly recordedAt: number | null;
  readonly recordedBy: string | null;
};

/**
 * The register in memory. Every answer is synchronous: neither the door nor dispatch may wait for Postgres (promise P2).
 * It is replaced whole at each change, so a reader never sees half of one.
 */
export type Directory = AccountBook &
  NumberBook & {
    /** As it is bound now. */
    readonly device: (id: string) => DirectoryDevice | undefined;
    /** As it was bound at a moment of the last days, epoch milliseconds: whose alarm it was that came in then. */
    readonly deviceAt: (id: string, atMs: number) => DirectoryDevice | undefined;
    /** Accounts and numbers of a device, with those that ended with its service; none is an empty list. */
    readonly addressesOf: (deviceId: string) => readonly DirectoryAddress[];
    /** Seconds between two reports that were agreed for a device itself; null: as its model has it. */
    readonly heartbeatOf: (deviceId: string) => number | null;
    readonly home: (id: string) => DirectoryHome | undefined;
    readonly resident: (id: string) => DirectoryResident | undefined;
    /** How things stand with a resident at a moment, epoch milliseconds; somebody unknown is at home. */
    readonly statusOf: (residentId: string, atMs: number) => Status;
    /** Limits of a resident's own for vital signs; none recorded, or back to the defaults: an empty list. */
    readonly limitsOf: (residentId: string) => OwnLimits;
    readonly user: (id: string) => DirectoryUser | undefined;
    readonly residentsOfHome: (homeId: string) => readonly DirectoryResident[];
    readonly devicesOfHome: (homeId: string) => readonly DirectoryDevice[];
    readonly homes: () => readonly DirectoryHome[];
    readonly residents: () => readonly DirectoryResident[];
    readonly devices: () => readonly DirectoryDevice[];
    readonly users: () => readonly DirectoryUser[];
    /** Compares the SHA-256 of the presented secret in constant time; no secret and an unknown name are answers, not errors. */
    readonly standingOf: (deviceId: string, secret: Uint8Array | undefined) => Standing;
  };
