/** What was wrong with a PDU; `offset` in octets from its start. */
export type PduFault = {
  readonly code:
    | 'not-hex'
    | 'too-long'
    | 'cut'
    | 'trailing'
    | 'wrong-length'
    | 'unknown-kind'
    | 'bad-address'
    | 'bad-time'
    | 'bad-header'
    | 'odd-length'
    | 'compressed'
    | 'shift-table';
  readonly offset: number;
};

/** Type of number of an address (3GPP TS 23.040 §9.1.2.5). */
export type AddressKind =
  | 'unknown'
  | 'international'
  | 'national'
  | 'network'
  | 'subscriber'
  | 'alphanumeric'
  | 'abbreviated';

/** Digits (`0-9 * # a b c`) without a leading +, or text where it is `alphanumeric`. Personal. */
export type Address = { readonly kind: AddressKind; readonly value: string };

/** Time of the service centre (§9.2.3.11). */
export type SmsTime = {
  /** Epoch milliseconds; whole seconds. */
  readonly at: number;
  /** Quarters of an hour east of UTC, −79 to 79. */
  readonly zoneQuarters: number;
};

/** Which part of a longer text it is (§9.2.3.24.1 and .8). */
export type Part = {
  readonly bits: 8 | 16;
  readonly reference: number;
  /** 1 to 255. */
  readonly total: number;
  /** 1 to `total`. */
  readonly number: number;
};

export type Coding = 'gsm7' | 'data' | 'ucs2';

export type UserData =
  | { readonly coding: 'gsm7' | 'ucs2'; readonly text: string }
  | { readonly coding: 'data'; readonly data: Uint8Array };

/** A message from the network (SMS-DELIVER, §9.2.2.1). What could not be read is null or empty, and named as a fault. */
export type Deliver = {
  readonly kind: 'deliver';
  readonly from: Address | null;
  readonly time: SmsTime | null;
  readonly body: UserData;
  readonly part: Part | null;
};

/** What became of a message that was sent (SMS-STATUS-REPORT, §9.2.2.3). */
export type StatusReport = {
  readonly kind: 'status-report';
  /** As `+CMGS` gave it; 0 to 255, and used again soon. */
  readonly reference: number;
  readonly to: Address | null;
  readonly sentAt: SmsTime | null;
  readonly doneAt: SmsTime | null;
  /** TP-Status, §9.2.3.15. */
  readonly status: number;
};

/** A message to the network (SMS-SUBMIT, §9.2.2.2). */
export type Submit = {
  readonly kind: 'submit';
  readonly reference: number;
  readonly to: Address;
  readonly body: UserData;
  readonly part: Part | null;
  readonly wantsReport: boolean;
  /** How long the network keeps trying, minutes; null: its own rule. */
  readonly validityMin: number | null;
};

export type Incoming = Deliver | StatusReport;
