export type ModemErrorCode = 'no-answer' | 'gone' | 'refused' | 'no-sim' | 'sim-locked';

/**
 * The modem cannot do what it was asked.
 * - `no-answer`: it is silent; the link begins anew with it
 * - `gone`: unplugged or stopped meanwhile
 * - `refused`: it says no; `cause` has the code
 * - `no-sim`, `sim-locked`: no card, or one that asks for a PIN: take the PIN off it
 */
export class ModemError extends Error {
  readonly code: ModemErrorCode;

  constructor(code: ModemErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ModemError';
    this.code = code;
  }
}
