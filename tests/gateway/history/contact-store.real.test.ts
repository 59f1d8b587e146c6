import { expect, test } from 'vitest';
import { systemClock } from '../../../gateway/clock.ts';
import { ContactLog } from '../../../gateway/history/contact-log.ts';
import { createContactKeeper } from '../../../gateway/history/contact-store.ts';
import { createDatabase } from '../../harness/postgres.ts';
import { openPool } from './world.ts';

test('rows that two ask to be kept at once are kept once, and those that come meanwhile too', async () => {
  const pool = openPool((await createDatabase()).databaseUrl);
  const log = new ContactLog(systemClock, () => 60);
  const keep = createContactKeeper(pool, 'g', log);
  for (let n = 0; n < 40; n += 1) log.connected(`d${n}`, 'verified');
  const both = [keep(), keep()];
  for (let n = 40; n < 60; n += 1) log.connected(`d${n}`, 'verified');
  await Promise.all([...both, keep()]);
  const { rows } = await pool.query<{ count: number }>(
    'select count(*)::int, count(distinct device_id)::int as devices from device_contacts',
  );
  expect(rows).toEqual([{ count: 60, devices: 60 }]);
  expect(log.take(100)).toEqual([]);
});
