import { pino } from 'pino';
import { describe, expect, test, type TestContext } from 'vitest';
import type { AlarmEvent, Caller } from '../../../../devices/event.ts';
import { type CallerIdDialect, createCallerIdLink } from '../../../../devices/links/caller-id/caller-id-link.ts';
import type { Arrival, FrameTrace, NumberBook } from '../../../../devices/links/ports.ts';
import { createCallerIdModem } from '../../../../devices/simulator/caller-id-modem.ts';
import { afterwards } from '../../../harness/cleanup.ts';
import { ptyPair } from '../../../harness/pty-pair.ts';
import { until } from '../../../harness/until.ts';

const PHONE = '13800001111';
const SETTINGS = { baudRate: 9600, dataBits: 8, parity: 'none', stopBits: 1 } as const;

const book: NumberBook = {
  callerOf: (line, number) => {
    const caller = (whose: Caller['whose']): Caller => ({ number, whose, residentIds: [], homeId: null });
    const stranger = { standing: 'unregistered', model: null, key: null } as const;
    if (number === PHONE) {
      return { ...stranger, deviceId: 'phone-1', standing: 'verified', caller: caller('device') };
    }
    if (number === null) return { ...stranger, deviceId: line, caller: caller('withheld') };
    return { ...stranger, deviceId: `tel-${number.length}`, caller: caller('unknown') };
  },
};

/** A line with its modem, and everything that came to the door; `door` may refuse, and the modem be mute from the beginning. */
async function line(
  context: TestContext,
  dialect: CallerIdDialect,
  {
    door,
    isMute = false,
    trace,
  }: { readonly door?: () => void; readonly isMute?: boolean; readonly trace?: FrameTrace } = {},
) {
  const cable = await ptyPair(context);
  const arrived: Arrival[] = [];
  const heard: string[] = [];
  const link = createCallerIdLink({
    ...{ name: 'front', dialect, book },
    port: { path: cable.gatewayPath, ...SETTINGS },
    door: {
      accept: async (arrival) => {
        await Promise.resolve();
        door?.();
        arrived.push(arrival);
        return { id: 'e' } as AlarmEvent;
      },
    },
    contacts: { heard: (deviceId, standing) => heard.push(`${deviceId} ${standing}`) },
    ...(trace === undefined ? {} : { trace }),
    clock: { nowMs: () => Date.now(), monoMs: () => performance.now() },
    logger: pino({ level: 'silent' }),
  });
  afterwards(() => link.stop());
  const modem = createCallerIdModem({ port: { path: cable.devicePath, ...SETTINGS }, dialect });
  modem.setAnswering(!isMute);
  await modem.start();
  afterwards(() => modem.stop());
  await link.start();
  const told = (): string[] =>
    arrived.map(({ deviceId, message }) => `${deviceId} ${message.kind} ${message.type} ${message.call ?? ''}`);
  return {
    ...{ cable, link, modem, arrived, heard, told },
    isReady: () =>
      until(() => modem.commands().includes('AT+VCID=1'), { timeoutMs: 30_000, what: 'the modem to be set up' }),
    /** So far, at least. */
    tells: (...expected: readonly string[]) =>
      until(() => JSON.stringify(told().slice(0, expected.length)) === JSON.stringify(expected), {
        timeoutMs: 30_000,
        what: `${JSON.stringify(expected)}; told ${JSON.stringify(told())}`,
      }),
  };
}

/** Rings close together: how long a ring lasts says nothing here. */
const QUICK = { ringEveryMs: 400, numberAfterMs: 50 } as const;

describe('A caller-ID modem', () => {
  test('tells who rings, and that it has ended', async (context) => {
    const { isReady, modem, tells, arrived, heard, link } = await line(context, 'modem');
    await isReady();
    expect(modem.commands()).toEqual(['ATZ', 'ATE0', 'AT+VCID=1']);
    await modem.call({ ...QUICK, rings: 3, caller: { date: '1122', time: '0214', number: PHONE } });
    await tells('phone-1 alarm sos ringing');
    expect(arrived[0]).toMatchObject({
      ...{ standing: 'verified', source: { protocol: 'caller-id', peer: 'front' } },
      caller: { number: PHONE, whose: 'device' },
    });
    expect(Buffer.from(arrived[0]?.raw ?? []).toString()).toBe(
      'RING\r\nDATE = 1122\r\nTIME = 0214\r\nNMBR = 13800001111\r\n',
    );
    expect(heard).toEqual(['phone-1 verified']);
    expect(link.health()).toMatchObject({ status: 'ok' });
    await tells('phone-1 alarm sos ringing', 'phone-1 call sos ended');
  });

  test('without a number rings all the same', async (context) => {
    const { isReady, modem, tells } = await line(context, 'modem');
    await isReady();
    await modem.call({ ...QUICK, rings: 2 });
    await tells('front alarm call ringing');
  });

  test('pulled out in the middle of a number rings, and is set up again when it is back', async (context) => {
    const { isReady, modem, tells, cable, link } = await line(context, 'modem');
    await isReady();
    await modem.say(Buffer.from('\r\nRING\r\n\r\nDATE = 1122\r\n%%\r\nNMBR = 1380'));
    await until(() => link.health().detail.includes(' 1 lines'), { timeoutMs: 30_000, what: 'half a number to come' });
    await cable.unplug();
    await tells('front alarm call ringing', 'front call call ended');
    await modem.stop();
    await cable.plug();
    await modem.start();
    await until(() => modem.commands().filter((command) => command === 'AT+VCID=1').length === 2, {
      timeoutMs: 30_000,
      what: 'the modem to be set up again',
    });
    // The other half of a number is none.
    await modem.say(Buffer.from('0001111\r\n'));
    await modem.call({ ...QUICK, rings: 1, caller: { number: PHONE } });
    await tells('front alarm call ringing', 'front call call ended', 'phone-1 alarm sos ringing');
  });

  test('that answers nothing is degraded, and rings all the same', async (context) => {
    const { modem, tells, link } = await line(context, 'modem', { isMute: true });
    await until(() => link.health().detail.includes('no-answer'), { timeoutMs: 30_000, what: 'the fault to show' });
    expect(link.health().status).toBe('degraded');
    await modem.call({ ...QUICK, rings: 1 });
    await tells('front alarm call ringing');
    modem.setAnswering(true);
    await until(() => link.health().status === 'ok', { timeoutMs: 30_000, what: 'the fault to go' });
  });

  test('amid noise of all kinds rings', async (context) => {
    const { isReady, modem, tells, link } = await line(context, 'modem');
    await isReady();
    await modem.say(Uint8Array.from({ length: 5000 }, (_, at) => (at * 7) % 256));
    await modem.say(Buffer.from(`\r\n${'x'.repeat(2000)}\r\nNO CARRIER\r\nNMBR\r\n= =\r\n`));
    await modem.call({ ...QUICK, rings: 1, caller: { number: '57462345678' } });
    await tells('tel-11 alarm call ringing');
    expect(link.health()).toMatchObject({ status: 'ok' });
    expect(link.health().detail).toMatch(/[1-9]\d* lines not understood, [1-9]\d* too long/);
  });

  test('whose trace fails rings once all the same', async (context) => {
    const { isReady, modem, tells, cable } = await line(context, 'modem', {
      trace: {
        frame: () => {
          throw new Error('the trace is broken');
        },
      },
    });
    await isReady();
    await modem.say(Buffer.from('\r\n%%\r\n'));
    await modem.call({ ...QUICK, rings: 1, caller: { number: PHONE } });
    await tells('phone-1 alarm sos ringing');
    await cable.unplug();
    // An alarm that was kept is not handed over again because nobody could note it.
    await tells('phone-1 alarm sos ringing', 'phone-1 call sos ended');
  });

  test('whose alarm nothing keeps hands it over again until it is kept, and its end not before', async (context) => {
    let refused = 0;
    const { isReady, modem, tells, arrived, cable } = await line(context, 'modem', {
      door: () => {
        refused += 1;
        if (refused <= 3) throw new Error('not durable');
      },
    });
    await isReady();
    await modem.call({ ...QUICK, rings: 1, caller: { number: PHONE } });
    await until(() => refused > 0, { timeoutMs: 30_000, what: 'the alarm to be refused' });
    // The call ends while its alarm is not kept yet.
    await cable.unplug();
    await tells('phone-1 alarm sos ringing', 'phone-1 call sos ended');
    const [alarm, end] = arrived.map(({ message }) => message.sequence);
    expect(alarm?.split(':')[1]).toBe('ringing');
    expect(end?.split(':')).toEqual([alarm?.split(':')[0], 'ended']);
  });
});

describe('A caller-ID box', () => {
  test('tells in one line who rings, and whether anybody lifted the receiver', async (context) => {
    const { modem, tells, link } = await line(context, 'box');
    await modem.call({ ...QUICK, rings: 1, caller: { date: '1122', time: '0214', number: PHONE } });
    await tells('phone-1 alarm sos ringing');
    await modem.hook('off');
    await tells('phone-1 alarm sos ringing', 'phone-1 call sos answered');
    await modem.hook('on');
    await modem.call({ ...QUICK, rings: 1, caller: { number: '62345678' } });
    await tells(
      ...['phone-1 alarm sos ringing', 'phone-1 call sos answered'],
      ...['tel-8 alarm call ringing', 'tel-8 call call missed'],
    );
    expect(modem.commands()).toEqual([]);
    expect(link.health().status).toBe('ok');
  });

  test('that speaks what nobody understands is degraded', async (context) => {
    const { modem, link } = await line(context, 'box');
    for (let n = 0; n < 25; n += 1) await modem.say(Buffer.from(`%%${n}%%\r\n`));
    await until(() => link.health().status === 'degraded', { timeoutMs: 30_000, what: 'the fault to show' });
  });
});
