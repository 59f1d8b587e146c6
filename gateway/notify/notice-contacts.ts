import type { Directory, DirectoryContact } from '../registry/directory.ts';

/** Chosen by the contact; who must not be told never is (design §2). */
export function wantsNotice({ notice, mustNotBeTold }: Pick<DirectoryContact, 'notice' | 'mustNotBeTold'>): boolean {
  return notice && !mustNotBeTold;
}

/** Ids of a resident's contacts who are told when an emergency opens, in the order of calling. Pure. */
export function listNoticeContacts(directory: Pick<Directory, 'resident'>, residentId: string): string[] {
  const contacts = directory.resident(residentId)?.contacts ?? [];
  return contacts.filter(wantsNotice).map(({ id }) => id);
}
