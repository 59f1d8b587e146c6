import { appendFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { until } from '../../../harness/until.ts';
import { gsmWorld, STRANGER, WATCH } from './world.ts';

const never = new AbortController().signal;
const text = (id: string, words = '张三按下了求助键，呼叫中心已收到，正在处理。') => ({
  id,
  to: STRANGER,
  text: words,
});

describe('A text that is sent', () => {
  test('goes out whole, and its delivery report is the receipt', async (context) => {
    const { modem, works, link, receipts } = await gsmWorld(context);
    await works();
    const long = '老人已送医院，请尽快联系。'.repeat(10);
    expect(await link.send(text('n1', long), never)).toEqual({ kind: 'sent' });
    const sent = modem.sent();
    expect(sent).toHaveLength(2);
    expect(sent.map(({ body }) => ('text' in body ? body.text : '')).join('')).toBe(long);
    expect(sent[0]).toMatchObject({ to: { kind: 'international', value: STRANGER.slice(1) }, wantsReport: true });
    await until(() => receipts.length === 1, { timeoutMs: 30_000, what: 'the receipt' });
    expect(receipts).toEqual(['n1 delivered']);
    modem.mood.reportStatus = 0x46;
    await link.send(text('n2'), never);
    await until(() => receipts.length === 2, { timeoutMs: 30_000, what: 'the other receipt' });
    expect(receipts[1]).toBe('n2 undelivered');
  });

  test('and is refused says whether it may be tried again', async (context) => {
    const { modem, works, link } = await gsmWorld(context);
    await works();
    modem.mood.refusal = 42;
    expect(await link.send(text('n1'), never)).toMatchObject({
      ...{ kind: 'failed', code: 'cms-42', isPermanent: false, isChannelFault: true },
    });
    modem.mood.refusal = 1;
    expect(await link.send(text('n2'), never)).toMatchObject({
      code: 'cms-1',
      isPermanent: true,
      isChannelFault: false,
    });
    modem.mood.refusal = null;
    expect(await link.send(text('n3'), never)).toEqual({ kind: 'sent' });
  });

  test('fails at once while the modem is away', async (context) => {
    const { modem, cable, works, link } = await gsmWorld(context);
    await works();
    modem.mood.isAnswering = false;
    const waiting = [link.send(text('n2'), never), link.send(text('n3'), never)];
    await modem.stop();
    await cable.unplug();
    for (const sent of await Promise.all(waiting)) expect(sent).toMatchObject({ kind: 'failed', isPermanent: false });
    await until(() => link.health().status === 'degraded', { timeoutMs: 30_000, what: 'the cable to be missed' });
    expect(await link.send(text('n1'), never)).toMatchObject({ kind: 'failed', code: 'away', isPermanent: false });
  });

  test('waits behind what comes in', async (context) => {
    const { modem, works, link, keeps } = await gsmWorld(context);
    await works();
    const many = Array.from({ length: 20 }, (_, i) => link.send(text(`n${i}`), never));
    modem.receive(WATCH, 'SOS');
    await keeps(1);
    const commands = modem.commands();
    const readAt = commands.findLastIndex((command) => command.startsWith('AT+CMG') && !command.startsWith('AT+CMGS'));
    expect(commands.slice(0, readAt).filter((command) => command.startsWith('AT+CMGS')).length).toBeLessThan(20);
    for (const sent of await Promise.all(many)) expect(sent.kind).toBe('sent');
  });
});

describe('A modem', () => {
  test('that falls silent is noticed, and is set up anew when it speaks again', async (context) => {
    const { modem, works, link, keeps } = await gsmWorld(context, {
      limits: { answerMs: 1000, attentionMs: 500, storageMs: 1000, lookEveryMs: 300 },
    });
    await works();
    modem.mood.isAnswering = false;
    await until(() => link.health().detail.endsWith('no-answer'), { timeoutMs: 30_000, what: 'silence to be noticed' });
    modem.receive(WATCH, 'SOS');
    modem.mood.isAnswering = true;
    await keeps(1);
    await works();
  });

  test('that begins anew beside a cable that holds is told again what it forgot', async (context) => {
    const { modem, works, keeps, told } = await gsmWorld(context, { limits: { lookEveryMs: 300 } });
    await works();
    modem.restart();
    const before = modem.commands().length;
    await until(() => modem.commands().slice(before).includes('AT+CLIP=1'), {
      timeoutMs: 30_000,
      what: 'it to be told',
    });
    modem.ring(WATCH);
    await keeps(1);
    expect(told()).toEqual(['watch-1 alarm sos']);
  });

  test('that refuses to list what it holds does not work, and works when it lists again', async (context) => {
    const { modem, works, link, keeps } = await gsmWorld(context, { limits: { lookEveryMs: 300 } });
    await works();
    modem.mood.refuses = ['AT+CMGL'];
    modem.mood.isAnnouncing = false;
    modem.receive(WATCH, 'SOS');
    await until(() => link.health().detail.endsWith('refused'), { timeoutMs: 30_000, what: 'it to be noticed' });
    modem.mood.refuses = [];
    await keeps(1);
    await works();
  });

  test('that keeps messages elsewhere than it is asked to is read there, each message once', async (context) => {
    const lists = (): number => modem.commands().filter((command) => command.startsWith('AT+CMGL')).length;
    const { modem, works, arrived, keeps, isEmpty } = await gsmWorld(context, {
      ...{ memory: 'ME', limits: { lookEveryMs: 200 } },
      before: (before) => {
        before.mood.refuses = ['AT+CPMS="'];
      },
      // Not durable before everything was listed once more.
      door: async () => {
        const before = lists();
        await until(() => lists() > before + 1, { timeoutMs: 30_000, what: 'a look' });
      },
    });
    await works();
    modem.receive(WATCH, 'SOS');
    await keeps(1);
    await isEmpty();
    expect(arrived).toHaveLength(1);
    expect(modem.commands().filter((command) => command.startsWith('AT+CMGD'))).toHaveLength(1);
  });

  test('that waits for the PDU of an earlier life is brought out of it', async (context) => {
    const { works } = await gsmWorld(context, {
      before: async (before, gatewayPath) => {
        await appendFile(gatewayPath, 'AT+CMGS=20\r');
        await until(() => before.commands().includes('AT+CMGS=20'), { timeoutMs: 30_000, what: 'the command' });
      },
    });
    await works();
  });

  test('without a card, or with a locked one, says so', async (context) => {
    const { modem, works, link } = await gsmWorld(context, {
      before: (before) => {
        before.mood.sim = '';
      },
    });
    await until(() => link.health().detail.endsWith('no-sim'), { timeoutMs: 30_000, what: 'the card to be missed' });
    modem.mood.sim = 'SIM PIN';
    await until(() => link.health().detail.endsWith('sim-locked'), {
      timeoutMs: 30_000,
      what: 'the PIN to be noticed',
    });
    modem.mood.sim = 'READY';
    await works();
  });

  test('without a network for long, or with a weak signal, is a matter for people', async (context) => {
    const { modem, works, link } = await gsmWorld(context, { limits: { lookEveryMs: 100, badForMs: 300 } });
    await works();
    modem.mood.registration = 'denied';
    await until(() => link.health().detail.endsWith('not-registered'), {
      timeoutMs: 30_000,
      what: 'the network to be missed',
    });
    modem.mood.registration = 'roaming';
    await works();
    modem.mood.signal = 1;
    await until(() => link.health().detail.endsWith('weak-signal'), {
      timeoutMs: 30_000,
      what: 'the signal to be missed',
    });
    modem.mood.signal = 20;
    await works();
  });
});
