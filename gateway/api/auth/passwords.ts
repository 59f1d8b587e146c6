import { hash, verify } from '@node-rs/argon2';
import { ZhujiError } from '../../errors.ts';

/** OWASP Password Storage Cheat Sheet: argon2id with 19 MiB, 2 passes, 1 lane (argon2id is the library's default). */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
/** Waiting verifications (chosen): at about 30 ms each the last one waits under 4 s. */
const MAX_WAITING = 100;

/** More log-ins wait than the bound allows; ask again after `retryAfterS`. */
export class PasswordsBusyError extends ZhujiError {
  declare readonly code: 'passwords-busy';
  readonly retryAfterS = 5;

  constructor() {
    super('passwords-busy', 'too many passwords wait to be checked');
  }
}

/**
 * Hashes and verifies passwords, one at a time: argon2 works on libuv's pool, and several at once would hold up the
 * files that others write there (measured: fsync p50 from 0.3 ms to 2.7 s).
 */
export class Passwords {
  readonly #maxWaiting: number;
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #decoy: Promise<string> | undefined;

  constructor(maxWaiting = MAX_WAITING) {
    this.#maxWaiting = maxWaiting;
  }

  /** @throws PasswordsBusyError */
  hash(password: string): Promise<string> {
    return this.#inTurn(() => hash(password, COST));
  }

  /** An unknown user has no hash: the work is done all the same, so that time tells nothing. @throws PasswordsBusyError */
  verify(passwordHash: string | undefined, password: string): Promise<boolean> {
    return this.#inTurn(async () => {
      this.#decoy ??= hash('', COST);
      const isRight = await verify(passwordHash ?? (await this.#decoy), password);
      return isRight && passwordHash !== undefined;
    });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#waiting >= this.#maxWaiting) return Promise.reject(new PasswordsBusyError());
    this.#waiting += 1;
    const mine = this.#last.then(work).finally(() => {
      this.#waiting -= 1;
    });
    // How it ended is told to who asked; the next one waits only for its end.
    this.#last = mine.then(
      () => undefined,
      () => undefined,
    );
    return mine;
  }
}
