import { describe, expect, test } from 'vitest';
import { PART_WAITS_MS } from '../../../../protocols/sms-pdu/limits.ts';
import { until } from '../../../harness/until.ts';
import { DAUGHTER, gsmWorld, STRANGER, WATCH } from './world.ts';

describe('A message', () => {
  test('of a device is its alarm, and is deleted only when that is durable', async (context) => {
    const { promise: durable, resolve } = Promise.withResolvers<void>();
    const { modem, works, keeps, arrived, told, heard, isEmpty } = await gsmWorld(context, { door: () => durable });
    await works();
    modem.receive(WATCH, 'SOS! 求救');
    await until(() => arrived.length === 1, { timeoutMs: 30_000, what: 'the message at the door' });
    modem.receive(STRANGER, '救命');
    await until(() => arrived.length === 2, { timeoutMs: 30_000, what: 'the next one, although the first waits' });
    expect(modem.stored()).toBe(2);
    expect(modem.commands().filter((command) => command.startsWith('AT+CMGD'))).toEqual([]);
    resolve();
    await keeps(2);
    await isEmpty();
    expect(told()).toEqual(['watch-1 alarm sos', 'tel-stranger alarm sos']);
    expect(heard).toContain('watch-1 verified');
    expect(arrived[0]).toMatchObject({
      source: { protocol: 'sms', peer: 'gsm-1' },
      caller: { number: WATCH, whose: 'device' },
      message: { text: 'SOS! 求救' },
    });
    expect(arrived[0]?.message.id).not.toContain('138');
  });

  test('that nothing keeps stays on the card and is taken when something does', async (context) => {
    let refusals = 2;
    const { modem, works, keeps, arrived, isEmpty } = await gsmWorld(context, {
      // So long that nothing but the refusal has it read again.
      limits: { lookEveryMs: 600_000 },
      door: () => {
        if (refusals === 0) return;
        refusals -= 1;
        throw new Error('no disk');
      },
    });
    await works();
    modem.receive(WATCH, 'SOS');
    await keeps(1);
    await isEmpty();
    expect(arrived).toHaveLength(3);
  });

  test('that was stored before is read at the start, and one that was never announced soon', async (context) => {
    const { modem, keeps, told, isEmpty } = await gsmWorld(context, {
      before: (before) => before.receive(WATCH, 'SOS'),
    });
    await keeps(1);
    modem.mood.isAnnouncing = false;
    modem.receive(STRANGER, '您好，明天可以上门吗');
    await keeps(2);
    await isEmpty();
    expect(told()).toEqual(['watch-1 alarm sos', 'tel-stranger alarm service']);
  });

  test('of many parts is one alarm, in whatever order they came', async (context) => {
    const { modem, works, keeps, arrived, isEmpty } = await gsmWorld(context);
    await works();
    const text = `求救。${'我在三楼楼梯口，起不来。🚑'.repeat(14)}`;
    const parts = modem.pdusOf(WATCH, text);
    expect(parts.length).toBeGreaterThan(2);
    for (const part of parts.toReversed()) modem.bring(part);
    await keeps(1);
    await isEmpty();
    expect(arrived).toHaveLength(1);
    expect(arrived[0]?.message).toMatchObject({ text, type: 'sos', faults: [] });
  });

  test('of which a part never comes rings after a minute, and says so', async (context) => {
    const { modem, works, keeps, arrived, isEmpty, skip } = await gsmWorld(context);
    await works();
    const [first] = modem.pdusOf(WATCH, `SOS ${'a'.repeat(200)}`);
    if (first !== undefined) modem.bring(first);
    await until(() => modem.commands().some((command) => command.startsWith('AT+CMGR')), {
      timeoutMs: 30_000,
      what: 'the part to be read',
    });
    expect(arrived).toEqual([]);
    skip(PART_WAITS_MS);
    await keeps(1);
    await isEmpty();
    expect(arrived[0]?.message).toMatchObject({
      type: 'sos',
      faults: [{ code: 'wrong-length', path: '/parts' }],
    });
    expect(arrived[0]?.message.text).toMatch(/^SOS a+ …$/);
  });

  test('that is spoilt on the cable is read again, and what stays unreadable rings', async (context) => {
    const { modem, works, keeps, told, arrived, isEmpty } = await gsmWorld(context);
    await works();
    modem.mood.spoiltReads = 2;
    modem.receive(WATCH, 'SOS');
    await keeps(1);
    expect(arrived[0]?.message.faults).toEqual([]);
    await isEmpty();
    modem.bring({ hex: '0004', tpduOctets: 30 });
    await keeps(2);
    await isEmpty();
    expect(told()).toEqual(['watch-1 alarm sos', 'gsm-1 alarm unknown']);
  });

  test('among garbage is heard, and garbage is nothing', async (context) => {
    const { modem, link, works, keeps, told, isEmpty } = await gsmWorld(context);
    await works();
    modem.say('\r\n^BOOT:1,2,3\r\n+CMTI: "SM"\r\n+CMT\r\n\u0000\u00FF\u00FE%%\r\nOK\r\nERROR\r\n> ');
    modem.say(`${'x'.repeat(5000)}\r\n`);
    modem.receive(WATCH, 'SOS');
    await keeps(1);
    await isEmpty();
    expect(told()).toEqual(['watch-1 alarm sos']);
    expect(link.health().detail).toMatch(/[1-9]\d* lines left out$/);
  });

  test('is not lost when the cable is pulled in the middle of it', async (context) => {
    const { modem, works, keeps, told, isEmpty, cable, link } = await gsmWorld(context);
    await works();
    modem.mood.isAnnouncing = false;
    modem.mood.isAnswering = false;
    modem.receive(WATCH, 'SOS');
    modem.say('\r\n+CMGL: 1,0,,30\r\n0791132604');
    await modem.stop();
    await cable.unplug();
    await until(() => link.health().status === 'degraded', { timeoutMs: 30_000, what: 'the cable to be missed' });
    await cable.plug();
    modem.mood.isAnswering = true;
    await modem.start();
    await keeps(1);
    await isEmpty();
    await works();
    expect(told()).toEqual(['watch-1 alarm sos']);
  });

  test('does not wait for room: a full card is emptied, and what the network kept comes', async (context) => {
    const { modem, keeps, isEmpty, told } = await gsmWorld(context, {
      capacity: 2,
      before: (before) => {
        for (let n = 0; n < 6; n += 1) before.receive(WATCH, `SOS ${n}`);
      },
    });
    expect(modem.held()).toBeGreaterThan(0);
    await keeps(6);
    await isEmpty();
    expect(told()).toEqual(Array.from({ length: 6 }, () => 'watch-1 alarm sos'));
  });

  test('that the network brings again, into the same slot, goes to the door again: there it is known', async (context) => {
    const { modem, works, keeps, isEmpty } = await gsmWorld(context);
    await works();
    const [pdu] = modem.pdusOf(WATCH, 'SOS');
    if (pdu === undefined) throw new Error('nothing to bring');
    for (const count of [1, 2]) {
      modem.bring(pdu);
      await keeps(count);
      await isEmpty();
    }
  });

  test('of a contact who was told is an answer, unless it reads like an alarm', async (context) => {
    const { modem, works, keeps, told, arrived } = await gsmWorld(context);
    await works();
    modem.receive(DAUGHTER, '知道了，我十分钟到');
    await keeps(1);
    modem.receive(DAUGHTER, '她摔倒了！');
    await keeps(2);
    expect(told()).toEqual(['tel-daughter answer unknown', 'tel-daughter alarm fall']);
    // The answer is about whom she was told of; what she writes of her own accord may be about either of her parents.
    expect(arrived.map(({ caller }) => caller?.residentIds)).toEqual([['mother'], ['mother', 'father']]);
  });

  test('that comes straight, without being stored, rings too', async (context) => {
    const { modem, works, keeps, told } = await gsmWorld(context);
    await works();
    modem.say('\r\n+CMT: ,30\r\n07911326040000F0040B911346610089F60000208062917314080CC8F71D14969741F977FD07\r\n');
    await keeps(1);
    expect(told()).toEqual(['tel-stranger alarm service']);
  });
});

test('Messages and calls are counted, and what came spoilt and what nothing kept', async (context) => {
  let refusals = 1;
  const { modem, link, works, keeps, isEmpty } = await gsmWorld(context, {
    // So long that nothing but the refusal has it read again.
    limits: { lookEveryMs: 600_000 },
    door: () => {
      refusals -= 1;
      if (refusals >= 0) throw new Error('no disk');
    },
  });
  await works();
  expect(link.counts()).toEqual({ frames: 0, unreadable: 0, notDurable: 0 });
  modem.mood.spoiltReads = 1;
  modem.receive(WATCH, 'SOS');
  await keeps(1);
  await isEmpty();
  // Read once for the door that refused it, and once more.
  expect(link.counts()).toEqual({ frames: 2, unreadable: 1, notDurable: 1 });
  modem.ring(WATCH);
  await keeps(2);
  // The ring and its number.
  expect(link.counts().frames).toBe(4);
});

test('A call to the modem is a telephone call', async (context) => {
  const { modem, works, keeps, told, arrived } = await gsmWorld(context);
  await works();
  modem.ring(WATCH);
  await keeps(1);
  expect(told()).toEqual(['watch-1 alarm sos']);
  expect(arrived[0]).toMatchObject({ source: { protocol: 'caller-id' }, message: { call: 'ringing' } });
  // Each ring tells the number once more (3GPP TS 27.007 §7.11).
  modem.ring(WATCH);
  modem.ring(WATCH);
  modem.say('\r\nNO CARRIER\r\n');
  await keeps(2);
  modem.ring(STRANGER);
  await keeps(3);
  expect(told()).toEqual(['watch-1 alarm sos', 'watch-1 call sos', 'tel-stranger alarm call']);
  expect(arrived[1]).toMatchObject({ message: { call: 'ended' } });
});
