import type { Contact, Device, Home, Resident } from '../api/contract/registry.ts';
import type { Role } from '../api/contract/session.ts';
import type { Standing } from '../../devices/standing.ts';

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

export type DirectoryDevice = Omit<Device, 'lastContactAt'>;
export type DirectoryHome = Omit<Home, 'residentIds' | 'deviceIds'>;
export type DirectoryResident = Resident;
export type DirectoryContact = Contact;

/**
 * The register in memory. Every answer is synchronous: neither the door nor dispatch may wait for Postgres (promise P2).
 * It is replaced whole at each change, so a reader never sees half of one.
 */
export type Directory = {
  readonly device: (id: string) => DirectoryDevice | undefined;
  readonly home: (id: string) => DirectoryHome | undefined;
  readonly resident: (id: string) => DirectoryResident | undefined;
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
