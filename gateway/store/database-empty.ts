import { ZhujiError } from '../errors.ts';

/**
 * The database that was full has nothing in it any more: it was lost, is being restored, or is not the one that is meant. It is
 * left as it is; whoever looks after the site restores it or says by a restart that it is to be begun anew.
 */
export class DatabaseEmptyError extends ZhujiError {
  constructor() {
    super('database-empty', 'the database is empty');
  }
}
