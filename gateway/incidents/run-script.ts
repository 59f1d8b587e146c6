import { createHash } from 'node:crypto';
import { COMMIT_SCRIPT, type CommitRequest } from './commit-script.ts';

const SCRIPT_SHA = createHash('sha1').update(COMMIT_SCRIPT).digest('hex');

export type ScriptRedis = {
  readonly evalsha: (sha: string, keyCount: number, ...keysAndArgument: string[]) => Promise<unknown>;
  readonly eval: (script: string, keyCount: number, ...keysAndArgument: string[]) => Promise<unknown>;
};

/** Answers as the script does: `conflict` with the number of the failed check, or `ok` with the ids of the log entries. */
export async function runCommitScript(redis: ScriptRedis, { keys, argument }: CommitRequest): Promise<string[]> {
  try {
    return (await redis.evalsha(SCRIPT_SHA, keys.length, ...keys, argument)) as string[];
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
    return (await redis.eval(COMMIT_SCRIPT, keys.length, ...keys, argument)) as string[];
  }
}
