import { createHash } from 'node:crypto';

/** Where the chain stands: the number and hash of its newest entry. */
export type ChainHead = { readonly seq: number; readonly hash: Buffer };

/** Before the first entry: number 0, 32 bytes of zero. */
export const CHAIN_START: ChainHead = { seq: 0, hash: Buffer.alloc(32) };

export type ChainLink = {
  readonly seq: number;
  readonly entry: string;
  readonly prev: Buffer;
  readonly hash: Buffer;
};

/** SHA-256 over the hash of the entry before and the UTF-8 bytes of this one. */
export function calcLinkHash(prev: Uint8Array, entry: string): Buffer {
  return createHash('sha256').update(prev).update(entry, 'utf8').digest();
}

/** The entries joined behind `head`, in order. */
export function calcLinks(head: ChainHead, entries: readonly string[]): ChainLink[] {
  let last = head;
  return entries.map((entry) => {
    const link = { seq: last.seq + 1, entry, prev: last.hash, hash: calcLinkHash(last.hash, entry) };
    last = link;
    return link;
  });
}
