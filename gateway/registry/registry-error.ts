import { ZhujiError } from '../errors.ts';

/**
 * A write of the register that its caller can mend.
 * - `not-found`: something that the new thing points to is not there
 * - `conflict`: an id or a name that is taken, also by something that ended its service
 * - `bad-request`: fields that contradict each other
 */
export type RegistryCode = 'not-found' | 'conflict' | 'bad-request';

export class RegistryError extends ZhujiError {
  declare readonly code: RegistryCode;
  /** JSON pointer into what was sent. */
  readonly path: string;

  constructor(code: RegistryCode, path: string, message: string) {
    super(code, message);
    this.path = path;
  }
}
