import { createSecrecy } from '../../../devices/links/sia-dc09/aes-cipher.ts';
import { createDc09Panel, type Dc09Panel, type Dc09PanelOptions } from '../../../devices/simulator/dc09-panel.ts';
import { afterwards } from '../../harness/cleanup.ts';
import type { TestGateway } from '../../harness/gateway.ts';

/** Where the gateway hears SIA DC-09; it needs `ZHUJI_DC09_PORT`. */
export function dc09PortOf({ stdout }: Pick<TestGateway, 'stdout'>): number {
  const told = JSON.parse(stdout().slice(0, stdout().indexOf('\n'))) as { readonly dc09?: string };
  const port = Number(/:(\d+)$/.exec(told.dc09 ?? '')?.[1]);
  if (!Number.isInteger(port)) throw new Error(`No receiver of DC-09: ${stdout()}`);
  return port;
}

/** So long that a slow machine is no reason to send again. */
const RETRY_MS = 30_000;

/** A panel of the loopback, with a key where one is given as hex. It ends with the test. */
export function openPanel(
  port: number,
  options: Partial<Dc09PanelOptions> & { readonly account: string; readonly key?: string },
): Dc09Panel {
  const { key, ...more } = options;
  const secrecy = key === undefined ? null : createSecrecy(Buffer.from(key, 'hex'));
  const panel = createDc09Panel({
    ...{ host: '127.0.0.1', port, clock: { nowMs: () => Date.now() }, timing: { retryMs: RETRY_MS } },
    ...(secrecy === null ? {} : { secrecy }),
    ...more,
  });
  afterwards(() => panel.stop());
  return panel;
}
