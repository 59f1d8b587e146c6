import { expect, test } from 'vitest';
import { sealed } from '../../../protocols/sia-dc09/golden.ts';
import { soon, startWorld } from './world.ts';

test('a frame that names its account in the data alone is its account’s, and is answered as it was asked', async () => {
  const world = await startWorld();
  const client = await world.raw();
  // As of a panel in the field: no account between the line and the bracket.
  client.socket.write(sealed('"SIA-DCS"4738R0001L0001[#1234|Nri04/QA001]'));
  await client.untilAnswered('"ACK"4738R0001L0001[]');
  await soon(() => world.arrivals.length > 0, 'the alarm');
  expect(world.arrivals).toMatchObject([{ deviceId: 'panel-1', standing: 'verified', message: { type: 'sos' } }]);
});
