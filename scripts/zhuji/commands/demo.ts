import { createInterface } from 'node:readline';
import { defineCommand, UsageError } from '../command.ts';
import { waitForSignal } from '../wait-for-signal.ts';

/** Chosen: often enough to see it work, seldom enough to handle each. */
const PRESSES_PER_HOUR = 20;

export const demo = defineCommand({
  name: 'demo',
  summary: 'Run a gateway with a simulated district; goes on with the same data at the next start.',
  options: {
    'presses-per-hour': {
      type: 'string',
      value: 'N',
      description: `How often the simulated devices press, all together; default ${PRESSES_PER_HOUR}`,
    },
  },
  run: async ({ env, print }, { 'presses-per-hour': text }) => {
    const pressesPerHour = text === undefined ? PRESSES_PER_HOUR : Number(text);
    if (!Number.isFinite(pressesPerHour) || pressesPerHour < 0 || pressesPerHour > 3600) {
      throw new UsageError('--presses-per-hour takes a number from 0 to 3600');
    }
    let isOver = false;
    const signal = waitForSignal().finally(() => {
      isOver = true;
    });
    // Loaded here alone: the other commands need nothing of it and start faster.
    const { prepareMachine } = await import('../../demo/prepare.ts');
    const { startDemo } = await import('../../demo/run.ts');
    if (!(await prepareMachine(env, print))) return 1;
    if (isOver) {
      print('Stopped; nothing was started.');
      return 0;
    }
    const hasKeys = process.stdin.isTTY;
    const running = await startDemo({ env, pressesPerHour, hasKeys, print });
    const keys = hasKeys ? createInterface({ input: process.stdin }) : null;
    keys?.on('line', running.press);
    await signal;
    keys?.close();
    print('Stopping …');
    await running.stop();
    print('Stopped. `npm run demo` goes on with the same data.');
    return 0;
  },
});
