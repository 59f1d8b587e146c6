// A gateway's worth of owner, to be killed: `node owner.fixture.ts <data folder>` prints its pid and the database's URL.
import { pino } from 'pino';
import { systemClock } from '../../../gateway/clock.ts';
import { createEmbedded } from '../../../gateway/embedded/embedded.ts';

const dataDir = process.argv[2] ?? '';
const embedded = createEmbedded({ dataDir, logger: pino({ level: 'silent' }), clock: systemClock });
const { databaseUrl } = await embedded.start();
process.stdout.write(`${JSON.stringify({ pid: process.pid, databaseUrl })}\n`);
setInterval(() => undefined, 60_000);
