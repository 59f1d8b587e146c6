// `npm run fuzz`: a million inputs for every decoder and framer. `-- --inputs 20000 --seed 1 --only sia-dc09` for a part.
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { abortOnSignal } from '../stop-signals.ts';
import type { Outcome } from './run-target.ts';
import { formatFailure, formatOutcomes } from './table.ts';
import type { Target } from './target.ts';
import { watch } from './watch.ts';

const USAGE = 'Usage: npm run fuzz -- [--inputs N] [--seed N] [--only NAME …] [--targets MODULE] [--hung-ms N]\n';
const signal = abortOnSignal();

const line = await readCommandLine();
if (line === null) process.exitCode = 2;
else {
  const { module, names, inputs, seed, hungMs } = line;
  process.stdout.write(`--inputs ${inputs} --seed ${seed}\n`);
  const outcomes: Outcome[] = [];
  for (const name of names) {
    const outcome = await watch({ module, name, inputs, seed }, { hungMs, signal }).catch(unlessStopped);
    if (outcome === null) break;
    outcomes.push(outcome);
    process.stderr.write(`${name}: ${outcome.failure?.kind ?? 'ok'}\n`);
  }
  const failed = outcomes.filter(({ failure }) => failure !== null);
  process.stdout.write(`${formatOutcomes(outcomes)}\n`);
  for (const outcome of failed) process.stdout.write(`${formatFailure(outcome, seed)}\n`);
  process.exitCode = failed.length === 0 && outcomes.length === names.length ? 0 : 1;
}

/** Ctrl-C shows what has run so far. */
function unlessStopped(error: unknown): null {
  if (signal.aborted) return null;
  throw error;
}

async function readCommandLine() {
  try {
    const { values } = parseArgs({
      options: {
        inputs: { type: 'string', default: '1000000' },
        seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
        only: { type: 'string', multiple: true, default: [] },
        targets: { type: 'string' },
        'hung-ms': { type: 'string', default: '60000' },
      },
    });
    const [inputs, seed, hungMs] = [values.inputs, values.seed, values['hung-ms']].map(Number);
    if (!isCount(inputs) || !isCount(hungMs) || seed === undefined || !Number.isSafeInteger(seed))
      throw new Error('no number');
    const module = (
      values.targets === undefined ? new URL('targets.ts', import.meta.url) : pathToFileURL(values.targets)
    ).href;
    const { TARGETS } = (await import(module)) as { readonly TARGETS: readonly Target[] };
    const all = TARGETS.map(({ name }) => name);
    const chosen = all.filter((name) => values.only.length === 0 || values.only.some((only) => name.startsWith(only)));
    if (chosen.length > 0) return { module, names: chosen, inputs, seed, hungMs };
    process.stderr.write(`${USAGE}Targets:\n${all.map((name) => `  ${name}\n`).join('')}`);
  } catch (error) {
    process.stderr.write(`${USAGE}${String(error)}\n`);
  }
  return null;
}

function isCount(value: number | undefined): value is number {
  return value !== undefined && Number.isSafeInteger(value) && value > 0;
}
