import { describe, expect, test } from 'vitest';
import { decodeDc09 } from '../../../../protocols/sia-dc09/decode.ts';
import { encodeDc09Event } from '../../../../protocols/sia-dc09/encode.ts';
import { soon, startWorld } from './world.ts';

/** Frames of the field with their CRC, between LF and CR. */
const RESET = 'F4D20029"SIA-DCS"0001RF3L77#1234[#1234|NRR|Atest]';
const WRONG_CRC = '9618004D"SIA-DCS"7960L0#123456[#123456|Nri1CL0^VX FRONTE ^]_22:40:48,04-11-2021';
const LEN_IN_DECIMAL = '57150047"ADM-CID"0247R4F39L4F39#4F39[#4F39|3401 01 057]';
const PANIC_WRONG_LEN =
  '5B090059"SIA-DCS"0004L0#1111[#1111|Nri1/PA501][X006E07.7777777][Y49N06.6666666]_20:45:46,04-22-2021';

describe('frames of the field', () => {
  test('are answered with their receiver, line, account and number', async () => {
    const world = await startWorld();
    const client = await world.raw();
    client.send(RESET);
    await client.untilAnswered('"ACK"0001RF3L77#1234[]');
  });

  test('with a wrong CRC, and noise, have no answer and reach no door; those behind them do', async () => {
    const world = await startWorld();
    const client = await world.raw();
    client.socket.write('\x00\xff GET / HTTP/1.1\r\n\r\n');
    client.send(WRONG_CRC);
    client.send(RESET);
    await client.untilAnswered('"ACK"0001');
    expect(client.answers().match(/\r/g)).toHaveLength(1);
    expect(world.arrivals.filter(({ deviceId }) => deviceId !== 'panel-1')).toEqual([]);
    expect(world.link.health().counters).toMatchObject({ wrongCrc: 1, frames: 1 });
    expect(world.link.health().counters.garbageBytes).toBeGreaterThan(10);
  });

  test('with a wrong length and a right CRC are taken and counted', async () => {
    const world = await startWorld();
    const client = await world.raw();
    client.send(LEN_IN_DECIMAL);
    client.send(PANIC_WRONG_LEN);
    await client.untilAnswered('"ACK"0247R4F39L4F39#4F39[]');
    await client.untilAnswered('"ACK"0004L0#1111[]');
    expect(world.link.health().counters.wrongLength).toBe(2);
    const panic = world.arrivals.find(({ deviceId }) => deviceId === 'dc09-1111');
    expect(panic?.message.location?.lat).toBeCloseTo(49.11, 1);
    expect(panic?.message.faults.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['wrong-length', 'wrong-time']),
    );
  });

  test('that are half when the connection ends are no alarm', async () => {
    const world = await startWorld();
    const client = await world.raw();
    client.socket.end(`\n${RESET.slice(0, -3)}`);
    await soon(() => client.socket.readableEnded, 'the end');
    expect(world.arrivals).toEqual([]);
    expect(world.link.health().counters.garbageBytes).toBe(RESET.length - 2);
  });

  test('whose header nobody can read ring as unknown of no account: the CRC says that somebody meant them', async () => {
    const world = await startWorld();
    const client = await world.raw();
    const good = Buffer.from(encodeDc09Event(panelEvent('1234'))).toString('latin1');
    const crcOf = (text: string): string => {
      // CRC-16/ARC, by hand.
      let crc = 0;
      for (const byte of Buffer.from(text, 'latin1')) {
        crc ^= byte;
        for (let bit = 0; bit < 8; bit += 1) crc = (crc & 1) === 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
      }
      return crc.toString(16).toUpperCase().padStart(4, '0');
    };
    const content = good.slice(good.indexOf('"'), -1).replace('0007', 'abcd');
    client.send(`${crcOf(content)}${content.length.toString(16).toUpperCase().padStart(4, '0')}${content}`);
    await soon(() => world.arrivals.length === 1, 'the alarm');
    expect(world.arrivals[0]).toMatchObject({ deviceId: 'dc09-none', message: { type: 'unknown' } });
    expect(client.answers()).toBe('');
  });

  test('with the CRC as two bytes are answered so', async () => {
    const world = await startWorld();
    expect((await world.panel({ crcStyle: 'binary' }).press()).token).toBe('ACK');
    const out = world.traced.find(({ direction }) => direction === 'out');
    const decoded = decodeDc09(out?.raw ?? new Uint8Array());
    expect(decoded).toMatchObject({ ok: true, message: { token: 'ACK', crcStyle: 'binary' } });
  });

  test('that are answers are nobody’s alarm, and are not answered', async () => {
    const world = await startWorld();
    const client = await world.raw();
    client.socket.write(encodeDc09Event({ ...panelEvent('1234'), token: 'ACK', data: '' }));
    client.send(RESET);
    await client.untilAnswered('"ACK"0001');
    expect(client.answers()).not.toContain('0007');
    expect(world.link.health().counters.replies).toBe(1);
  });
});

describe('a wrong clock', () => {
  test.each([-41_000, 21_000])('%i ms off is taken with its fault', async (clockOffMs) => {
    const world = await startWorld();
    expect(await world.panel().press({ clockOffMs })).toMatchObject({ token: 'ACK', timesTold: 0 });
    expect(world.arrivals[0]?.message.faults).toEqual([{ code: 'wrong-time', path: '/time' }]);
    expect(world.link.health().counters.wrongTime).toBe(1);
  });

  test.each([-40_000, 20_000])('is none %i ms off', async (clockOffMs) => {
    const world = await startWorld({ isStrict: true });
    expect(await world.panel().press({ clockOffMs })).toMatchObject({ token: 'ACK', timesTold: 0 });
    expect(world.arrivals[0]?.message.faults).toEqual([]);
  });

  test('in strict mode is told the time once the alarm is kept; what comes then is the same press', async () => {
    const world = await startWorld({ isStrict: true });
    const answer = await world.panel().press({ clockOffMs: -3_600_000 });
    expect(answer).toMatchObject({ token: 'ACK', tries: 2, timesTold: 1 });
    expect(world.arrivals.map(({ message }) => message.faults.length)).toEqual([1, 0]);
    expect(world.arrivals[0]?.message.sequence).toBe(world.arrivals[1]?.message.sequence);
    // What was recorded long ago and is sent again by somebody says nothing about the panel now.
    expect(world.contacts).toEqual(['heard panel-1 verified']);
  });

  test('in strict mode is told nothing while nothing keeps the alarm', async () => {
    const world = await startWorld({ isStrict: true });
    world.door = () => Promise.reject(new Error('disk'));
    const panel = world.panel();
    const pressed = panel.press({ clockOffMs: -3_600_000 }).catch(() => 'stopped');
    await soon(() => world.link.health().counters.alarmsNotDurable === 1, 'the door to refuse');
    await panel.stop();
    expect(await pressed).toBe('stopped');
    expect(world.link.health().counters).toMatchObject({ timeTold: 0, acked: 0 });
  });
});

function panelEvent(account: string): Parameters<typeof encodeDc09Event>[0] {
  const data = `#${account}|Nri1/QA01`;
  return { token: 'SIA-DCS', sequence: 7, line: '0', account, data, xdata: [], crcStyle: 'hex' };
}
