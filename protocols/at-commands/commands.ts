/** Commands as a modem takes them, without their line end (CR). V.250, 3GPP TS 27.005 and 27.007. */
export const AT = {
  attention: 'AT',
  /** No echo (V.250 §6.2.4). */
  echoOff: 'ATE0',
  /** Errors by numbers (27.007 §9.1). */
  numberedErrors: 'AT+CMEE=1',
  sim: 'AT+CPIN?',
  pduMode: 'AT+CMGF=0',
  /**
   * Messages are stored and announced, reports come straight, nothing is held back (27.005 §3.4.1): mode 2, mt 1, bm 0, ds 1,
   * bfr 0.
   */
  announce: 'AT+CNMI=2,1,0,1,0',
  /** Who calls (27.007 §7.11). */
  callerNumber: 'AT+CLIP=1',
  storage: 'AT+CPMS?',
  signal: 'AT+CSQ',
  registration: 'AT+CREG?',
  /** All that is stored, read or not (27.005 §4.1). */
  listAll: 'AT+CMGL=4',
  read: (index: number): string => `AT+CMGR=${index}`,
  remove: (index: number): string => `AT+CMGD=${index}`,
  /** From where is read and deleted (27.005 §3.2.2). */
  useMemory: (memory: string): string => `AT+CPMS="${memory}"`,
  /** Asks for a PDU of so many octets; it ends with Ctrl-Z (27.005 §4.3). */
  send: (tpduOctets: number): string => `AT+CMGS=${tpduOctets}`,
  pin: (pin: string): string => `AT+CPIN="${pin}"`,
} as const;

/** Ends a PDU, or gives one up. */
export const CTRL_Z = '\u001A';
export const ESCAPE = '\u001B';
