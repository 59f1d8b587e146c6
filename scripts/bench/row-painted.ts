import { setTimeout as delay } from 'node:timers/promises';
import { findProgram } from '../setup/needs.ts';
import { buildDashboardIfStale } from '../setup/dashboard.ts';
import type { Client } from '../zhuji/client.ts';
import { endAll } from './end-all.ts';
import { closeAll } from './generator.ts';
import type { Measured } from './generator/messages.ts';
import { launchChromium, openConsole } from './painted/console.ts';
import { closeCase, hireOperator, logInAsAdmin } from './painted/desk.ts';
import { createSeen, type Seen } from './painted/seen.ts';
import { count, limitNotes, ms, skippedLine, type Bench, type Line } from './row.ts';
import { percentile } from './stats.ts';

const WHAT = 'press sent → ringing case painted in Chromium';
const EVERY_S = 10;
const READINGS = 4;
/** Between two presses, so that none keeps step with the frames. Chosen. */
const PAUSE_MS = 150;
const MORE_PAUSE_MS = 200;
/** The wearables report in turns of this length, until all presses were painted. */
const TURN_MS = 5000;
/** The first ones are slow: code that was never run, words that were never looked up. */
const WARM = 5;

/** From the press that leaves the device to the frame that shows it, on one machine, in one browser. */
export async function benchPainted(bench: Bench): Promise<Line[]> {
  const { site, generator, presser, scale, print } = bench;
  const path = findProgram('chromium');
  if (path === null) return [skippedLine(WHAT, 'there is no chromium on this machine')];
  const browser = await launchChromium(path);
  if (browser === null) return [skippedLine(WHAT, 'playwright-core is not installed')];
  const ends: (() => Promise<unknown>)[] = [() => browser.close()];
  try {
    await buildDashboardIfStale(print);
    const gateway = await site.startGateway();
    ends.push(gateway.stop);
    const admin = await logInAsAdmin(gateway.httpUrl);
    const seen = createSeen();
    await openConsole(browser, gateway.httpUrl, await hireOperator(admin), seen.tell);
    const pressers = 2 * scale.painted + WARM;
    await presser.ask({ task: 'connect', port: gateway.port, from: 0, count: pressers });
    ends.unshift(() => closeAll(generator, presser));
    const press = (client: number): Promise<number> => pressAndSee(bench, admin, seen, client);

    for (let n = 0; n < WARM; n += 1) await press(n);
    print(`${scale.painted} presses painted, idle`);
    const idle: number[] = [];
    for (let n = 0; n < scale.painted; n += 1) idle.push(await press(WARM + n));

    const rest = scale.wearables - pressers;
    await generator.ask({ task: 'connect', port: gateway.port, from: pressers, count: rest });
    print(`${scale.painted} presses painted, beside ${count(rest)} wearables`);
    const load = { isWanted: true };
    const [busy, turns] = await Promise.all([pressAll(press, scale.painted, load), report(bench, rest, load)]);
    return compare(idle, busy, turns, rest);
  } finally {
    await endAll(...ends);
  }
}

async function pressAll(
  press: (client: number) => Promise<number>,
  presses: number,
  load: { isWanted: boolean },
): Promise<number[]> {
  const latenciesMs: number[] = [];
  try {
    for (let n = 0; n < presses; n += 1) latenciesMs.push(await press(WARM + presses + n));
    return latenciesMs;
  } finally {
    load.isWanted = false;
  }
}

async function pressAndSee({ presser }: Bench, admin: Client, seen: Seen, client: number): Promise<number> {
  await delay(PAUSE_MS + Math.random() * MORE_PAUSE_MS);
  const painting = seen.next();
  const [{ row, paintedMs }, { sentMs }] = await Promise.all([painting, presser.ask({ task: 'press', client })]);
  await closeCase(admin, row.replace(/^row-/, ''));
  return paintedMs - sentMs;
}

async function report({ generator }: Bench, wearables: number, load: { isWanted: boolean }): Promise<Measured[]> {
  const turns: Measured[] = [];
  const pace = { task: 'pace', forMs: TURN_MS, alarmsPerS: 0, vitalsPerS: wearables / EVERY_S } as const;
  while (load.isWanted) turns.push(await generator.ask({ ...pace, readings: READINGS }));
  return turns;
}

function compare(
  idle: readonly number[],
  busy: readonly number[],
  turns: readonly Measured[],
  wearables: number,
): Line[] {
  const notes = limitNotes('painted, wearables', turns);
  const line = (q: number, name: string): Line => {
    const [ours, other] = [percentile(busy, q), percentile(idle, q)];
    const what = `${WHAT}, ${name}, beside ${count(wearables)} wearables ÷ idle`;
    return { what, ours: ms(ours), other: ms(other), ratio: ours / other, goal: '', notes };
  };
  return [line(0.5, 'p50'), line(0.99, `p99 of ${busy.length}`)];
}
