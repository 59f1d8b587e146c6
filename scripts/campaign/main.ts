// `npm run campaign -- --alarms 20000 --seed 1 --results campaign.jsonl`: see tests/campaign/README.md.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { installMissing } from '../setup/apt.ts';
import { REDIS, TEST_NEEDS } from '../setup/needs.ts';
import { STOP_SIGNALS } from '../stop-signals.ts';

const OPTIONS = {
  alarms: { type: 'string', default: '20000' },
  'per-leg': { type: 'string', default: '1000' },
  seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
  results: { type: 'string', default: 'campaign.jsonl' },
} as const;

const { values } = parseArgs({ options: OPTIONS });
const numbers = [values.alarms, values['per-leg'], values.seed].map(Number);
if (numbers.some((value) => !Number.isSafeInteger(value) || value < 0)) {
  process.stderr.write('Usage: npm run campaign -- [--alarms N] [--per-leg N] [--seed N] [--results FILE]\n');
  process.exit(2);
}
await installMissing([REDIS, ...TEST_NEEDS], (line) => process.stdout.write(`${line}\n`));
process.stdout.write(
  `--alarms ${values.alarms} --per-leg ${values['per-leg']} --seed ${values.seed} --results ${values.results}\n`,
);
const child = spawn(
  process.execPath,
  ['node_modules/vitest/vitest.mjs', 'run', '--project', 'campaign', '--silent=false'],
  {
    stdio: 'inherit',
    env: {
      ...process.env,
      ZHUJI_CAMPAIGN_ALARMS: values.alarms,
      ZHUJI_CAMPAIGN_PER_LEG: values['per-leg'],
      ZHUJI_CAMPAIGN_SEED: values.seed,
      ZHUJI_CAMPAIGN_RESULTS: resolve(values.results),
    },
  },
);
// Ctrl-C reaches the whole group; vitest ends its own servers then.
for (const name of STOP_SIGNALS) process.on(name, () => child.kill(name));
const [code] = (await once(child, 'exit')) as [number | null];
process.exitCode = code ?? 1;
