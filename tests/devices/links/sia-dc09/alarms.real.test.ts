import { describe, expect, test } from 'vitest';
import { NOW, soon, startWorld } from './world.ts';

describe('a press', () => {
  test.each(['tcp', 'udp'] as const)(
    'over %s is at the door with who sent it, then acknowledged',
    async (transport) => {
      const world = await startWorld();
      const answer = await world.panel({ transport, receiver: 'F3', line: '77' }).press();
      expect(answer).toEqual({ token: 'ACK', sequence: 1, isEncrypted: false, tries: 1, timesTold: 0 });
      expect(world.arrivals).toHaveLength(1);
      expect(world.arrivals[0]).toMatchObject({
        deviceId: 'panel-1',
        standing: 'verified',
        source: { protocol: 'sia-dc09' },
        message: { kind: 'alarm', type: 'sos', zone: '01' },
      });
      expect(world.arrivals[0]?.source.peer).toMatch(/^127\.0\.0\.1:\d+$/);
      expect(Buffer.from(world.arrivals[0]?.raw ?? []).toString()).toMatch(/^\n.*"SIA-DCS"0001RF3L77#1234.*\r$/);
      expect(world.contacts).toEqual(['heard panel-1 verified']);
    },
  );

  test('is answered only when the door has kept it, and others meanwhile', async () => {
    const world = await startWorld();
    const { promise, resolve } = Promise.withResolvers<void>();
    world.door = ({ deviceId }) => (deviceId === 'panel-1' ? promise : Promise.resolve());
    const slow = world.panel().press();
    await soon(() => world.arrivals.length === 1, 'the alarm at the door');
    await world.panel({ account: '4F39' }).press();
    expect(world.link.health().counters.acked).toBe(1);
    resolve();
    expect((await slow).tries).toBe(1);
  });

  test.each(['tcp', 'udp'] as const)(
    'that nothing keeps has no answer over %s: the panel sends it again under its number until it is kept',
    async (transport) => {
      const world = await startWorld();
      let refusals = 2;
      world.door = () => (refusals-- > 0 ? Promise.reject(new Error('disk')) : Promise.resolve());
      const answer = await world.panel({ transport, timing: { retryMs: 100 } }).press();
      expect(answer.tries).toBeGreaterThanOrEqual(3);
      expect(new Set(world.arrivals.map(({ message }) => message.sequence)).size).toBe(1);
      expect(world.link.health().counters.alarmsNotDurable).toBe(2);
    },
  );

  test('of two events has one answer, when both are kept', async () => {
    const world = await startWorld();
    const { promise, resolve } = Promise.withResolvers<void>();
    world.door = ({ message }) => (message.type === 'smoke' ? promise : Promise.resolve());
    const both = world.panel().send('SIA-DCS', 'Nri1/QA01|Nri1/FA02');
    await soon(() => world.arrivals.length === 2, 'both at the door');
    const poll = await world.panel({ account: '4F39' }).poll();
    expect(poll.token).toBe('ACK');
    expect(world.link.health().counters.acked).toBe(1);
    resolve();
    expect((await both).token).toBe('ACK');
    expect(new Set(world.arrivals.map(({ message }) => message.sequence)).size).toBe(2);
  });

  test('with a code that we have no word for rings as unknown and is acknowledged', async () => {
    const world = await startWorld();
    expect((await world.panel().send('SIA-DCS', 'Nri1/##01')).token).toBe('ACK');
    expect((await world.panel().send('ADM-CID', '1999 01 001')).token).toBe('ACK');
    expect((await world.panel().send('SCN-S8', '1 2 3')).token).toBe('ACK');
    for (const { message } of world.arrivals) {
      expect(message).toMatchObject({ kind: 'alarm', type: 'unknown' });
      expect(message.faults.map(({ code }) => code)).toContain('unknown-code');
    }
    expect(world.arrivals).toHaveLength(3);
    expect(world.link.health().counters.unknownCodes).toBe(3);
  });

  test('of an account that nobody registered, or that ended its service, rings and is acknowledged', async () => {
    const world = await startWorld();
    expect((await world.panel({ account: '9999' }).press()).token).toBe('ACK');
    expect((await world.panel({ account: 'DEAD' }).press()).token).toBe('ACK');
    expect(world.arrivals.map(({ deviceId, standing }) => [deviceId, standing])).toEqual([
      ['dc09-9999', 'unregistered'],
      ['panel-retired', 'retired'],
    ]);
  });

  test('rings unproven while the register cannot be asked', async () => {
    const book = {
      accountOf: () => {
        throw new Error('register');
      },
    };
    const world = await startWorld({ book });
    expect((await world.panel().press()).token).toBe('ACK');
    expect(world.arrivals[0]).toMatchObject({ deviceId: 'dc09-1234', standing: 'unverified' });
  });

  test('rings as unknown when the receiver itself fails on it, and nothing is answered', async () => {
    let isBroken = true;
    const nowMs = (): number => {
      if (isBroken) throw new Error('clock');
      return NOW;
    };
    const world = await startWorld({ clock: { nowMs } });
    const panel = world.panel();
    const pressed = panel.press().catch(() => 'stopped');
    await soon(() => world.arrivals.length === 1, 'the alarm');
    expect(world.arrivals[0]).toMatchObject({ deviceId: 'dc09-none', message: { kind: 'alarm', type: 'unknown' } });
    isBroken = false;
    expect((await world.panel({ account: '4F39' }).press()).token).toBe('ACK');
    await panel.stop();
    expect(await pressed).toBe('stopped');
  });

  test('is answered also where whoever hears of signs of life or frames fails', async () => {
    const fail = (): never => {
      throw new Error('listener');
    };
    const contacts = { heard: fail, connected: fail, disconnected: fail, dropped: fail };
    const world = await startWorld({ contacts, trace: { frame: fail } });
    expect((await world.panel().press()).token).toBe('ACK');
    expect(world.arrivals).toHaveLength(1);
  });
});

describe('NULL', () => {
  test.each(['tcp', 'udp'] as const)('over %s is acknowledged and a sign of life, and no alarm', async (transport) => {
    const world = await startWorld();
    expect(await world.panel({ transport }).poll()).toMatchObject({ token: 'ACK', sequence: 0 });
    expect(world.arrivals).toEqual([]);
    expect(world.contacts).toEqual(['heard panel-1 verified']);
  });

  test('of an account that nobody registered is acknowledged', async () => {
    const world = await startWorld();
    expect((await world.panel({ account: '9999' }).poll()).token).toBe('ACK');
    expect(world.contacts).toEqual(['connected dc09-9999 unregistered']);
  });
});
