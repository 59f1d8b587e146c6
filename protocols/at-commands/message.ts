/** Where a stored message lies: `SM` the card, `ME` the modem, `SR` reports (3GPP TS 27.005 §3.1). */
export type Slot = { readonly memory: string; readonly index: number };

/** Of a stored message in PDU mode (27.005 §3.1): 0 received unread, 1 received read, 2 stored unsent, 3 stored sent. */
export type StoredStatus = 0 | 1 | 2 | 3;

/** Registration in the network (3GPP TS 27.007 §7.2). */
export type Registration = 'off' | 'home' | 'searching' | 'denied' | 'unknown' | 'roaming';

/** One line from a modem. What has no place here is `text`: an echo, a PDU, a word of the maker's own. */
export type AtMessage =
  /** ITU-T V.250 §5.7.1. */
  | { readonly kind: 'result'; readonly result: Result }
  /** `+CMS ERROR` (27.005 §3.2.5), `+CME ERROR` (27.007 §9.2); null where it was told in words. */
  | { readonly kind: 'failure'; readonly of: 'cms' | 'cme'; readonly code: number | null }
  /** `+CMTI`, `+CDSI`: something lies in a slot now. */
  | { readonly kind: 'stored'; readonly what: 'message' | 'report'; readonly slot: Slot }
  /** `+CMT`, `+CDS`: the PDU is the next line, so many octets of TPDU. */
  | { readonly kind: 'direct'; readonly what: 'message' | 'report'; readonly octets: number }
  /** `+CMGR`: the PDU is the next line. */
  | { readonly kind: 'read'; readonly status: StoredStatus; readonly octets: number }
  /** `+CMGL`: the same with the slot's index. */
  | { readonly kind: 'listed'; readonly index: number; readonly status: StoredStatus; readonly octets: number }
  /** `+CMGS`: the network took it, under this reference. */
  | { readonly kind: 'sent'; readonly reference: number }
  /** `+CSQ` (27.007 §8.5): 0 to 31, null where the modem does not know. dBm = −113 + 2 × level. */
  | { readonly kind: 'signal'; readonly level: number | null }
  | { readonly kind: 'registration'; readonly registration: Registration }
  /** `+CPIN`: `READY`, `SIM PIN`, `SIM PUK` … (27.007 §8.3). */
  | { readonly kind: 'sim'; readonly state: string }
  | { readonly kind: 'ring' }
  /** `+CLIP` (27.007 §7.11). Personal; null where it was withheld. */
  | { readonly kind: 'caller'; readonly number: string | null; readonly isInternational: boolean }
  /** `+CPMS` (27.005 §3.2.2), of the memory that is read from. */
  | { readonly kind: 'storage'; readonly memory: string | null; readonly used: number; readonly total: number }
  | { readonly kind: 'text'; readonly text: string };

export type Result = 'ok' | 'error' | 'connect' | 'no-carrier' | 'no-dialtone' | 'busy' | 'no-answer';
