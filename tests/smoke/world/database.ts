import pg from 'pg';
import { Redis } from 'ioredis';
import { afterwards } from '../../harness/cleanup.ts';

export type Database = {
  readonly rows: <Row>(sql: string, values?: readonly unknown[]) => Promise<Row[]>;
  /** Everything in every table, as text. */
  readonly dump: () => Promise<string>;
};

/** A connection of the test's own to a gateway's database. */
export async function openDatabase(databaseUrl: string): Promise<Database> {
  const client = new pg.Client({ connectionString: databaseUrl });
  // The test may take the server away.
  client.on('error', () => undefined);
  await client.connect();
  afterwards(() => client.end());
  const rows = async <Row>(sql: string, values: readonly unknown[] = []): Promise<Row[]> =>
    (await client.query(sql, [...values])).rows as Row[];
  return {
    rows,
    dump: async () => {
      const tables = await rows<{ name: string }>(
        `select tablename as name from pg_tables where schemaname = 'public' order by 1`,
      );
      const texts: string[] = [];
      for (const { name } of tables) {
        const found = await rows<{ text: string }>(`select t::text as text from ${name} t`);
        texts.push(name, ...found.map(({ text }) => text));
      }
      return texts.join('\n');
    },
  };
}

/** Everything in every key of a Redis, as text. */
export async function dumpRedis(redisUrl: string): Promise<string> {
  const redis = new Redis(redisUrl);
  afterwards(() => redis.disconnect());
  const texts: string[] = [];
  for (const key of await redis.keys('*')) {
    const type = await redis.type(key);
    const value: unknown =
      type === 'string'
        ? await redis.get(key)
        : type === 'hash'
          ? await redis.hgetall(key)
          : type === 'list'
            ? await redis.lrange(key, 0, -1)
            : type === 'set'
              ? await redis.smembers(key)
              : type === 'zset'
                ? await redis.zrange(key, '0', '-1')
                : await redis.xrange(key, '-', '+');
    texts.push(`${key} ${JSON.stringify(value)}`);
  }
  return texts.join('\n');
}
