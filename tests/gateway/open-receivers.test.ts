import { expect, test } from 'vitest';
import { startReceivers } from '../../gateway/open-receivers.ts';

test('a line whose driver does not answer keeps no other from being heard', async () => {
  const driver = Promise.withResolvers<void>();
  const begun: string[] = [];
  const line = (name: string, opened: Promise<void>) => ({
    start: () => {
      begun.push(name);
      return opened;
    },
  });
  const starting = startReceivers([line('hangs', driver.promise), line('well', Promise.resolve())]);
  expect(begun).toEqual(['hangs', 'well']);
  driver.resolve();
  await starting;
});
