/**
 * The typed frame of ANSI/SIA DC-09-2013 (§5): `LF CRC LEN "token" SEQ R L #account [data] [x…] _time CR`. Syntax only: what its codes
 * mean is said in `devices/meaning`. Hex digits are kept as they were written, because a reply echoes them.
 */
export type Dc09Message = {
  /** `SIA-DCS`, `ADM-CID`, `NULL`, of replies `ACK NAK RSP DUH`, or any other; without the `*` of encrypted frames. */
  readonly token: string;
  readonly isEncrypted: boolean;
  /** 1 to 9999; 0 in NULL and NAK. */
  readonly sequence: number;
  /** 1 to 6 hex digits; some panels leave R out, some also L, which the standard demands (5.5.1.4). */
  readonly receiver?: string;
  readonly line?: string;
  /** 3 to 16 hex digits by the standard; 1 to 16 letters and digits are read. Null in NAK, or where it is missing. */
  readonly account: string | null;
  /** Between the first brackets: '' or `#account|payload`. Of an encrypted frame that was not decrypted, its hex digits. */
  readonly data: string;
  readonly xdata: readonly Dc09Xdata[];
  /** The panel's clock, epoch milliseconds of a whole second (`_HH:MM:SS,MM-DD-YYYY`, UTC); unproven. */
  readonly at?: number;
  readonly crcStyle: CrcStyle;
  /** False where LEN was not the number of bytes (seen: decimal). The CRC was right then, so the frame counts. */
  readonly lenIsRight: boolean;
};

/** An extended data block `[letter text]` (DC-09 §5.5.1.9); `readXdata` gives its meaning. */
export type Dc09Xdata = { readonly letter: string; readonly text: string };

/** Four hex digits by the standard; Lupusec panels send the two bytes themselves. A reply does as the request did. */
export type CrcStyle = 'hex' | 'binary';

/** What was wrong; `path` names the part of the frame. */
export type Dc09Fault = {
  readonly code: 'wrong-length' | 'not-decrypted' | 'bad-field' | 'not-utf8';
  readonly path: '/length' | '/data' | '/time' | '/rest' | '';
};

/** Why there is no message. Nothing of this is ever answered (DC-09 §5.4: a wrong CRC is no frame). */
export type Dc09Refusal = 'not-a-frame' | 'wrong-crc' | 'bad-header';

export type DecodedDc09 =
  | { readonly ok: true; readonly message: Dc09Message; readonly faults: readonly Dc09Fault[] }
  | { readonly ok: false; readonly reason: Dc09Refusal };

/**
 * AES-CBC of an account's key (16, 24 or 32 bytes), IV of 16 zero bytes, no padding of its own (DC-09 §5.4.7). A parameter, because
 * protocols import no library. Gets and gives whole blocks of 16 bytes.
 */
export type Dc09Cipher = {
  readonly encrypt: (plain: Uint8Array) => Uint8Array;
  readonly decrypt: (secret: Uint8Array) => Uint8Array;
};

/** The cipher of an account as it is written in the frame, or null where nobody knows its key. */
export type CipherFor = (account: string | null) => Dc09Cipher | null;
