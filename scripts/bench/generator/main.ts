// The generator of `npm run bench`: a process of its own, so that what it costs is not the gateway's.
import { setTimeout as delay } from 'node:timers/promises';
import { percentile } from '../stats.ts';
import { BenchClient } from './client.ts';
import type { Answer, Answers, Ask, Measured, Pressed, Question } from './messages.ts';
import { pace } from './pacer.ts';
import { alarmPayload, vitalsPayload } from './payloads.ts';
import { measureXadd } from './redis.ts';
import { createWallClock } from './wall-clock.ts';

const CONNECT_AT_ONCE = 200;
const DRAIN_MS = 10_000;

const clients: BenchClient[] = [];

process.on('message', (question: Question) => {
  void answer(question).then((said) => process.send?.(said));
});
process.on('disconnect', () => process.exit());

async function answer({ number, ask }: Question): Promise<Answer> {
  try {
    return { number, ok: true, value: await work(ask) };
  } catch (error) {
    return { number, ok: false, why: String(error) };
  }
}

async function work(ask: Ask): Promise<Answers[Ask['task']]> {
  switch (ask.task) {
    case 'connect':
      return open(ask.port, ask.from, ask.count);
    case 'close':
      for (const client of clients.splice(0)) client.close();
      return null;
    case 'pace':
      return measure(async (sums) => sendPaced(ask, sums));
    case 'flood':
      return measure(async (sums) => sendFlood(ask, sums));
    case 'xadd':
      return measure(async (sums) => {
        const { latenciesMs, lags } = await measureXadd(ask);
        sums.latenciesMs.push(...latenciesMs);
        sums.lags.push(...lags);
      });
    case 'press':
      return press(clientOf(ask.client));
  }
}

async function press(client: BenchClient): Promise<Pressed> {
  const nowMs = createWallClock();
  const acked = Promise.withResolvers<void>();
  const sentMs = nowMs();
  client.send('alarm', alarmPayload(), acked.resolve);
  await acked.promise;
  return { sentMs, ackedMs: nowMs() };
}

async function open(port: number, from: number, count: number): Promise<null> {
  for (let n = 0; n < count; n += CONNECT_AT_ONCE) {
    const some = Array.from(
      { length: Math.min(CONNECT_AT_ONCE, count - n) },
      (_, i) => new BenchClient(port, from + n + i),
    );
    clients.push(...some);
    await Promise.all(some.map((client) => client.connected()));
  }
  return null;
}

type Sums = {
  readonly latenciesMs: number[];
  readonly lags: number[];
  alarmsSent: number;
  alarmsAcked: number;
  vitalsSent: number;
  vitalsAcked: number;
};

async function measure(run: (sums: Sums) => Promise<void>): Promise<Measured> {
  const sums: Sums = { latenciesMs: [], lags: [], alarmsSent: 0, alarmsAcked: 0, vitalsSent: 0, vitalsAcked: 0 };
  const cpuBefore = process.cpuUsage();
  const beganMs = performance.now();
  await run(sums);
  const tookMs = performance.now() - beganMs;
  const { user, system } = process.cpuUsage(cpuBefore);
  const { lags, ...rest } = sums;
  return {
    ...rest,
    lagP99Ms: lags.length === 0 ? 0 : percentile(lags, 0.99),
    tookMs,
    cpu: (user + system) / 1000 / tookMs,
  };
}

async function sendPaced(ask: Extract<Ask, { task: 'pace' }>, sums: Sums): Promise<void> {
  const alarms = pace(ask.alarmsPerS, ask.forMs, (n, dueMs) => {
    sums.alarmsSent += 1;
    clientOf(n % clients.length).send('alarm', alarmPayload(), () => {
      sums.alarmsAcked += 1;
      sums.latenciesMs.push(performance.now() - dueMs);
    });
  });
  const vitals = pace(ask.vitalsPerS, ask.forMs, (n) => {
    const client = clientOf(n % clients.length);
    sums.vitalsSent += 1;
    client.send('vitals', vitalsPayload(client.number, ask.readings), () => {
      sums.vitalsAcked += 1;
    });
  });
  // By hand: there are too many for the arguments of a call.
  for (const lags of [await alarms, await vitals]) for (const lag of lags) sums.lags.push(lag);
  await drain();
}

async function sendFlood(ask: Extract<Ask, { task: 'flood' }>, sums: Sums): Promise<void> {
  const endMs = performance.now() + ask.forMs;
  const next = (client: BenchClient): void => {
    if (performance.now() >= endMs) return;
    sums.vitalsSent += 1;
    client.send('vitals', vitalsPayload(client.number, ask.readings), () => {
      sums.vitalsAcked += 1;
      next(client);
    });
  };
  for (const client of clients) for (let n = 0; n < ask.window; n += 1) next(client);
  await delay(ask.forMs);
  await drain();
}

/** Until everything is acknowledged; what never is is told by the counts. */
async function drain(): Promise<void> {
  const endMs = performance.now() + DRAIN_MS;
  while (performance.now() < endMs && clients.some((client) => client.waiting() > 0)) await delay(5);
}

function clientOf(n: number): BenchClient {
  const client = clients[n];
  if (client === undefined) throw new Error(`client ${n} is not connected`);
  return client;
}
