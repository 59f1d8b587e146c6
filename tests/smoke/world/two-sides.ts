import type { UserCreated } from '../../../gateway/api/contract/session.ts';
import { startGateway, type TestGateway } from '../../harness/gateway.ts';
import { createDatabase } from '../../harness/postgres.ts';
import { startReceiver, type Receiver } from '../../harness/receiver.ts';
import { createRedis } from '../../harness/redis.ts';
import { until } from '../../harness/until.ts';
import { openWire, type WireState } from '../../harness/wire.ts';
import { comeOnDuty } from './attendance.ts';
import type { Credentials } from './device.ts';
import type { Feed } from './feed.ts';
import { hire, logIn, logInAsAdmin, type Operator } from './operator.ts';
import { pressOnce } from './press.ts';

export type Side = {
  readonly gateway: TestGateway;
  readonly operator: Operator;
  readonly feed: Feed;
  readonly press: (device: Credentials, text: string) => Promise<void>;
  /** The resident's open case as this side has it, once there is one. */
  readonly caseOf: (residentId: string | null) => Promise<string>;
};

export type TwoSides = {
  /** Its line to Redis can be spoilt. */
  readonly near: Side;
  readonly far: Side;
  readonly databaseUrl: string;
  readonly helperId: string;
  /** Of both gateways' notices. */
  readonly receiver: Receiver;
  /** Spoils the line; resolves when the near side works by itself. */
  readonly part: (state: Exclude<WireState, 'whole'>) => Promise<void>;
  /** Mends it; resolves when the near side is back and its screens were told. */
  readonly join: () => Promise<void>;
};

/** Two gateways on one Redis and one Postgres, an operator on duty at each. */
export async function openTwoSides(): Promise<TwoSides> {
  const [{ redisUrl }, { databaseUrl }] = [await createRedis(), await createDatabase()];
  const wire = await openWire(redisUrl);
  const receiver = await startReceiver();
  const env = { ZHUJI_WEBHOOK_URL: receiver.url, ZHUJI_WEBHOOK_SECRET: 'shared-with-the-receiver' };
  const gateways = [
    await startGateway({ redisUrl: wire.url, databaseUrl, env }),
    await startGateway({ redisUrl, databaseUrl, env }),
  ] as const;
  const admin = await logInAsAdmin(gateways[1]);
  const far = await openSide(gateways[1], await hire(gateways[1], admin, { username: 'far' }));
  const password = 'at the other gateway';
  const helper = await admin.post<UserCreated>('/users', { username: 'helper', roles: ['helper'], regions: ['*'] });
  await admin.post('/users', { username: 'near', password, roles: ['operator'], regions: ['*'] });
  const nearOperator = await until(() => logIn(gateways[0], { username: 'near', password }).catch(() => null), {
    timeoutMs: 30_000,
    what: 'the log-in at the other gateway',
  });
  const near = await openSide(gateways[0], nearOperator);
  const isAlone = async (): Promise<boolean> => (await near.operator.list()).asOf === null;
  return {
    ...{ near, far, databaseUrl, receiver, helperId: helper.id },
    part: async (state) => {
      wire.set(state);
      await until(isAlone, { timeoutMs: 30_000, what: 'the near side to work by itself' });
    },
    join: async () => {
      const resets = near.feed.resets.length;
      wire.set('whole');
      await until(async () => !(await isAlone()) && near.feed.resets.length > resets, {
        timeoutMs: 30_000,
        what: 'the near side to be back',
      });
    },
  };
}

async function openSide(gateway: TestGateway, operator: Operator): Promise<Side> {
  const feed = await operator.listen();
  await comeOnDuty(operator, 1_000);
  return {
    ...{ gateway, operator, feed },
    press: (device, text) => pressOnce({ ...device, mqttUrl: gateway.mqttUrl }, { type: 'sos', text }),
    caseOf: (residentId) =>
      until(async () => (await operator.list()).items.find((item) => item.residentId === residentId)?.id, {
        timeoutMs: 30_000,
        what: 'the case',
      }),
  };
}
