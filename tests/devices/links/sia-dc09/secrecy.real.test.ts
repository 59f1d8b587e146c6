import { describe, expect, test } from 'vitest';
import { KEY, NOW, secrecyOf, soon, startWorld } from './world.ts';

describe('an account that has a key', () => {
  const secrecy = secrecyOf(KEY);
  const secret = { account: 'AAAB', secrecy };

  test.each(['tcp', 'udp'] as const)('is proven by it, and answered under it over %s', async (transport) => {
    const world = await startWorld();
    const panel = world.panel({ ...secret, transport });
    expect(await panel.press()).toMatchObject({ token: 'ACK', isEncrypted: true });
    expect(await panel.poll()).toMatchObject({ token: 'ACK', isEncrypted: true });
    expect(world.arrivals[0]).toMatchObject({
      deviceId: 'panel-secret',
      standing: 'verified',
      message: { type: 'sos', at: NOW },
    });
    expect(world.contacts).toEqual(['heard panel-secret verified', 'heard panel-secret verified']);
    const out = world.traced.find(({ direction }) => direction === 'out');
    expect(Buffer.from(out?.raw ?? []).toString()).toMatch(/"\*ACK"/);
  });

  test.each([24, 32])('may have one of %i bytes', async (length) => {
    const key = new Uint8Array(length).fill(7);
    const sender = { deviceId: 'panel-long', standing: 'verified', model: null, key } as const;
    const world = await startWorld({ book: { accountOf: () => sender } });
    const answer = await world.panel({ account: '77', secrecy: secrecyOf(key) }).press();
    expect(answer).toMatchObject({ token: 'ACK', isEncrypted: true });
  });

  test('rings unproven when it sends in clear, and is acknowledged', async () => {
    const world = await startWorld();
    expect(await world.panel({ account: 'AAAB' }).press()).toMatchObject({ token: 'ACK', isEncrypted: false });
    expect(world.arrivals[0]).toMatchObject({ deviceId: 'panel-secret', standing: 'unverified' });
    expect(world.contacts).toEqual(['connected panel-secret unverified']);
    expect(world.link.health().counters.inClear).toBe(1);
  });

  test('rings as unknown when it cannot be decrypted, and has no answer, so that its back-up path is tried', async () => {
    const world = await startWorld();
    const wrong = world.panel({ account: 'AAAB', secrecy: secrecyOf(new Uint8Array(16)) });
    const pressed = wrong.press().catch(() => 'stopped');
    await soon(() => world.arrivals.length === 1, 'the alarm');
    expect(world.arrivals[0]).toMatchObject({ deviceId: 'panel-secret', standing: 'unverified' });
    expect(world.arrivals[0]?.message).toMatchObject({
      kind: 'alarm',
      type: 'unknown',
      faults: [{ code: 'not-decrypted', path: '/data' }],
    });
    await wrong.stop();
    expect(await pressed).toBe('stopped');
    expect(world.contacts).toEqual(['connected panel-secret unverified']);
    expect(world.link.health().counters).toMatchObject({ acked: 0, notDecrypted: 1 });
  });

  test('is no sign of life when its NULL cannot be decrypted, and has no answer', async () => {
    const world = await startWorld();
    const wrong = world.panel({ account: 'AAAB', secrecy: secrecyOf(new Uint8Array(16)) });
    const polled = wrong.poll().catch(() => 'stopped');
    await soon(() => world.contacts.length > 0, 'news of it');
    expect(world.contacts).toEqual(['connected panel-secret unverified']);
    await wrong.stop();
    expect(await polled).toBe('stopped');
    expect(world.arrivals).toEqual([]);
  });
});
