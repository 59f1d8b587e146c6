import type { Ready } from '../../../gateway/api/contract/feed.ts';
import type { TestGateway } from '../../harness/gateway.ts';
import type { DeviceLink } from './device.ts';

/** One reading as a device sends it (design §8). */
export type Sent = {
  readonly metric: string;
  readonly value: number;
  readonly at?: number;
  readonly unit?: string;
  readonly worn?: boolean;
};

/** One `vitals` message at QoS 1; whether it was acknowledged. */
export function sendVitals(link: DeviceLink, deviceId: string, readings: readonly Sent[]): Promise<boolean> {
  return link.publish(`zj/v1/${deviceId}/vitals`, { readings });
}

/** What `/readyz` says of the vitals lane. */
export async function vitalsCheck({ httpUrl }: TestGateway): Promise<{ status: string; detail: string }> {
  const ready = (await (await fetch(`${httpUrl}/readyz`)).json()) as Ready;
  const check = ready.checks['vitals'];
  return { status: check?.status ?? 'absent', detail: check?.detail ?? '' };
}

/** A number of `/metrics`, by its name and labels as they stand there. */
export async function metric({ httpUrl }: TestGateway, name: string): Promise<number> {
  const text = await (await fetch(`${httpUrl}/metrics`)).text();
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${name} `));
  return Number(line?.slice(name.length + 1));
}
