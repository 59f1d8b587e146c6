import { startGateway, type GatewayOptions, type TestGateway } from '../../harness/gateway.ts';
import type { Credentials, Payload } from './device.ts';
import type { Feed, FeedItem } from './feed.ts';
import { hire, logInAsAdmin, type Operator } from './operator.ts';
import { pressOnce, type PressOptions } from './press.ts';

export type World = {
  readonly gateway: TestGateway;
  readonly admin: Operator;
  /** By cookie, for every region. */
  readonly operator: Operator;
  /** The operator's. */
  readonly feed: Feed;
};

/** A gateway, its admin, and an operator who listens. */
export async function openWorld(options: GatewayOptions = {}): Promise<World> {
  const gateway = await startGateway(options);
  const admin = await logInAsAdmin(gateway);
  const operator = await hire(gateway, admin, { username: 'li' });
  return { gateway, admin, operator, feed: await operator.listen() };
}

/** What the log calls the fate of an alarm: it opened a case, joined one, or was the same cry once more. */
const FATES = ['opened', 'joined', 'repeated'] as const;

/** Presses, and waits for what the feed tells of it; `type` is its fate, `incident` the case as it is then. */
export async function pressAndSee(
  feed: Feed,
  device: Credentials,
  payload: Payload,
  options: PressOptions = {},
): Promise<FeedItem> {
  const seen = new Set(feed.incidents.filter(isFate));
  await pressOnce(device, payload, options);
  const actor = `device:${options.about ?? device.deviceId}`;
  return feed.until((item) => isFate(item) && !seen.has(item) && item.entry.actor === actor, `news of ${actor}`);
}

/** What became of an alarm of the device, now or before: the case that it opened, joined or repeats. */
export function fateOf(feed: Feed, deviceId: string, fate: (typeof FATES)[number]): Promise<FeedItem> {
  const actor = `device:${deviceId}`;
  return feed.until(
    (item) => isFate(item) && item.entry.type === fate && item.entry.actor === actor,
    `${fate} by ${actor}`,
  );
}

/** That a device is in quarantine the gateway tells about it; it is not a fate of what was pressed. */
function isFate({ entry, incident }: FeedItem): boolean {
  return (FATES as readonly string[]).includes(entry.type) && incident.type !== 'quarantined';
}

/** How often each type of line stands in an incident's log. */
export async function countLines(operator: Operator, incidentId: string): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { type } of (await operator.detail(incidentId)).log) counts[type] = (counts[type] ?? 0) + 1;
  return counts;
}
