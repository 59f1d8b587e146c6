import { expect, test } from 'vitest';
import { startGateway } from '../../harness/gateway.ts';
import { processesBelow, signal } from '../../harness/processes-below.ts';
import { until } from '../../harness/until.ts';

test('a gateway whose terminal is closed ends its own servers before itself', async () => {
  // What it still says goes to a terminal that is gone, as EIO; a full disk refuses the same way.
  const gateway = await startGateway({ embedded: true, prefix: ['bash', '-c', 'exec "$0" "$@" 2>/dev/full'] });
  expect(processesBelow(gateway.dataDir).length).toBeGreaterThan(1);

  signal(gateway.pid, 'SIGHUP');

  await until(() => processesBelow(gateway.dataDir).length === 0, {
    timeoutMs: 30_000,
    what: 'the end of its servers',
  });
  // Not told a second time: a process that is just going, its handlers gone already, dies of a signal.
  expect(await gateway.end()).toEqual({ code: 0, signal: null });
});
