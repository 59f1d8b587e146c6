// What somebody writes in an afternoon, for `npm run bench`: one process that acknowledges a press when an fsynced Redis has it,
// and acknowledges vital signs at once, decodes them and inserts them five hundred at a time. Its port goes to standard output.
import { createServer } from 'node:net';
import { Aedes } from 'aedes';
import { Redis } from 'ioredis';
import pg from 'pg';

const BATCH = 500;

type Reading = { readonly metric: string; readonly value: number };
type Message = { readonly at: number; readonly readings: readonly Reading[] };

const [redisUrl = '', databaseUrl = '', table = ''] = process.argv.slice(2);
const redis = new Redis(redisUrl);
const client = new pg.Client({ connectionString: databaseUrl });
await client.connect();

const waiting: unknown[][] = [];
let isWriting = false;

const broker = await Aedes.createBroker({
  // With the default of 100 it dies under such a load.
  concurrency: 0,
  authorizePublish: (_, { topic, payload }, done) => {
    if (!topic.endsWith('/alarm')) done(null);
    else
      redis.xadd('naive', '*', 'topic', topic, 'event', payload.toString()).then(
        () => done(null),
        (error: Error) => done(error),
      );
  },
});
broker.on('publish', ({ topic, payload }) => {
  const [, , device = '', kind] = topic.split('/');
  if (kind !== 'vitals') return;
  const { at, readings } = JSON.parse(payload.toString()) as Message;
  const now = new Date();
  for (const { metric, value } of readings) waiting.push([device, `r-${device}`, new Date(at), metric, value, 0, now]);
  if (!isWriting) void write();
});

async function write(): Promise<void> {
  isWriting = true;
  while (waiting.length > 0) {
    const rows = waiting.splice(0, BATCH);
    const places = rows.map((_, r) => `(${Array.from({ length: 7 }, (_, c) => `$${r * 7 + c + 1}`).join()})`);
    await client.query(`insert into ${table} values ${places.join()} on conflict do nothing`, rows.flat());
  }
  isWriting = false;
}

const server = createServer(broker.handle);
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(`${typeof address === 'object' && address !== null ? address.port : 0}\n`);
});
