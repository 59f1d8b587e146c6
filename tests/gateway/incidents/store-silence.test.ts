import { describe, expect, test } from 'vitest';
import { faultWord, fromStore, StoreSilentError } from '../../../gateway/incidents/store-silence.ts';

function reply(message: string): Error {
  const error = new Error(message);
  error.name = 'ReplyError';
  return error;
}

const settle = (error: unknown) => fromStore(Promise.reject(error)).catch((thrown: unknown) => thrown);

describe('Redis is silent', () => {
  test.each([
    ['OOM', "OOM command not allowed when used memory > 'maxmemory'."],
    ['OOM', 'ERR Error running script (call to f_1): @user_script:12: -OOM command not allowed when used memory'],
    ['MISCONF', 'MISCONF Redis is configured to save RDB snapshots, but it is currently not able to persist on disk.'],
    ['READONLY', "READONLY You can't write against a read only replica. script: 1, on @user_script:12."],
    ['LOADING', 'LOADING Redis is loading the dataset in memory'],
    ['CLUSTERDOWN', 'CLUSTERDOWN Hash slot not served'],
    ['NOREPLICAS', 'NOREPLICAS Not enough good replicas to write.'],
    ['BUSY', 'BUSY Redis is busy running a script.'],
  ])('when it says %s: %s', async (word, message) => {
    const error = await settle(reply(message));
    expect(error).toBeInstanceOf(StoreSilentError);
    expect(faultWord(error)).toBe(word);
  });

  test('when the connection says anything', async () => {
    for (const message of ['Connection is closed.', 'Command timed out', 'connect ECONNREFUSED', 'Socket timeout']) {
      expect(faultWord(await settle(new Error(message)))).toBe('no-answer');
    }
  });
});

test.each(['WRONGTYPE Operation against a key', 'ERR user_script:1: Expected value', 'NOGROUP No such key'])(
  'an answer about the question itself stays what it is: %s',
  async (message) => {
    const error = await settle(reply(message));
    expect(error).not.toBeInstanceOf(StoreSilentError);
    expect(faultWord(error)).toBe(message.split(' ')[0]);
  },
);

test('a fault is told by a word that quotes nobody', () => {
  let fault: unknown;
  try {
    JSON.parse('{"text":"ZHANG-SAN');
  } catch (error) {
    fault = error;
  }
  expect(faultWord(fault)).toBe('SyntaxError');
});
