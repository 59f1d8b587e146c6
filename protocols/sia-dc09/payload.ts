import type { Dc09Message } from './message.ts';

/** `#account|payload` apart; some panels leave the account or also the bar away. */
export type Dc09Payload = { readonly account: string | null; readonly payload: string };

const ACCOUNT = /^#([0-9A-Za-z]{1,16})(?:\||$)/;

export function payloadOf(data: string): Dc09Payload {
  const match = ACCOUNT.exec(data);
  if (match === null) return { account: null, payload: data.startsWith('|') ? data.slice(1) : data };
  return { account: match[1] ?? null, payload: data.slice(match[0].length) };
}

/** Who speaks: the account of the header, else that of the data. Null where neither names one. */
export function accountOfFrame({ account, data }: Pick<Dc09Message, 'account' | 'data'>): string | null {
  return account ?? payloadOf(data).account;
}
