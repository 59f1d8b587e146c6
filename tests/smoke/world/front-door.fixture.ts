import { pino } from 'pino';
import { createMqttLink } from '../../../devices/links/mqtt/mqtt-link.ts';
import type { AccountBook } from '../../../devices/links/ports.ts';
import { createDc09Link } from '../../../devices/links/sia-dc09/dc09-link.ts';
import { createSurGardLink } from '../../../devices/links/sur-gard/sur-gard-link.ts';
import { systemClock } from '../../../gateway/clock.ts';
import { createIngest } from '../../../gateway/ingest/ingest.ts';
import { connectRedis } from '../../../gateway/store/redis.ts';
import { DEFAULT_WIDTHS } from '../../../protocols/sur-gard/limits.ts';

/**
 * The part of a gateway that stands before an acknowledgement, links and ingest, on the disk of disk.fixture.ts; a gateway
 * has no setting for that. argv: data folder, Redis URL, the disk's kind as JSON, the path of
 * a serial port or nothing. Prints {"pid","mqtt","dc09"} when it listens.
 */
const [, , dataDir = '', redisUrl = '', disk = '', serialPath = ''] = process.argv;
const logger = pino({ level: 'silent' });
const nothing = (): void => undefined;

const ingest = createIngest({
  dataDir,
  redis: connectRedis({ target: redisUrl, role: 'alarm', gatewayId: 'g1', logger }),
  gatewayId: 'g1',
  clock: systemClock,
  logger,
  journal: { disk: { module: new URL('disk.fixture.ts', import.meta.url), options: JSON.parse(disk) as unknown } },
});
await ingest.start();
const contacts = { heard: nothing, connected: nothing, disconnected: nothing, dropped: nothing };
const common = { host: '127.0.0.1', port: 0, door: ingest.door, contacts, logger, clock: systemClock };
const mqtt = await createMqttLink({
  ...common,
  directory: { standingOf: () => 'verified' },
  later: setImmediate,
}).start();
const book: AccountBook = {
  accountOf: () => ({ deviceId: 'd1', standing: 'verified', model: null, key: null }),
};
const dc09 = await createDc09Link({ ...common, name: 'dc09', book, isStrict: false }).start();
if (serialPath !== '') {
  const port = { path: serialPath, baudRate: 9600, dataBits: 8, parity: 'none', stopBits: 1 } as const;
  await createSurGardLink({ ...common, name: 'north', port, widths: DEFAULT_WIDTHS, book }).start();
}
process.stdout.write(`${JSON.stringify({ pid: process.pid, mqtt: mqtt.port, dc09: dc09.port })}\n`);
