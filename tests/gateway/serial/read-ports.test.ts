import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isFaulty, loadConfig } from '../../../gateway/config.ts';
import { SERIAL_KINDS } from '../../../gateway/serial/kinds.ts';
import { readSerialPorts } from '../../../gateway/serial/read-ports.ts';

const codes = (text: string) => readSerialPorts(text).faults.map(({ code, reason }) => `${code} ${reason}`);

test('a kind and a path are enough: the rest is as devices of the kind come from the box', () => {
  expect(readSerialPorts('sur-gard:/dev/ttyUSB0')).toEqual({
    ports: [
      {
        ...{ kind: 'sur-gard', name: 'sur-gard', path: '/dev/ttyUSB0' },
        ...{ baudRate: 9600, dataBits: 8, parity: 'none', stopBits: 1 },
        options: { receiver: 2, line: 1, account: 4, 'heartbeat-s': 60 },
      },
    ],
    faults: [],
  });
});

test('several ports stand one after another, with all that can be said of each; colons in a path are its own', () => {
  const text =
    'sur-gard:/dev/serial/by-path/pci-0000:00:14.0-usb-0:2?name=east&baud=19200&frame=7E1&account=6, sur-gard:COM3?name=west';
  const { ports, faults } = readSerialPorts(text);
  expect(faults).toEqual([]);
  expect(ports).toMatchObject([
    {
      ...{ name: 'east', path: '/dev/serial/by-path/pci-0000:00:14.0-usb-0:2', baudRate: 19_200 },
      ...{ dataBits: 7, parity: 'even', options: { account: 6 } },
    },
    { name: 'west', path: 'COM3', options: { account: 4 } },
  ]);
});

test('a caller-ID line has a modem, or the box that it is said to have', () => {
  const { ports } = readSerialPorts('caller-id:/dev/ttyACM0?name=desk,caller-id:/dev/ttyS1?dialect=box&baud=1200');
  expect(ports.map(({ name, baudRate, options }) => [name, baudRate, options])).toEqual([
    ['desk', 9600, { dialect: 'modem', country: null }],
    ['caller-id', 1200, { dialect: 'box', country: null }],
  ]);
  expect(readSerialPorts('caller-id:/dev/a?country=26').ports[0]?.options).toEqual({ dialect: 'modem', country: '26' });
  expect(codes('caller-id:/dev/a?country=CN')).toEqual([expect.stringContaining('26 for China')]);
  expect(codes('caller-id:/dev/a?dialect=fax')).toEqual([
    expect.stringContaining('dialect must be one of modem | box'),
  ]);
});

test('a GSM modem keeps messages on its card, unless it is told to keep them itself', () => {
  const { ports, faults } = readSerialPorts('gsm:/dev/ttyUSB2,gsm:/dev/ttyUSB5?name=spare&memory=ME');
  expect(faults).toEqual([]);
  expect(ports.map(({ name, baudRate, options }) => [name, baudRate, options])).toEqual([
    ['gsm', 115_200, { memory: 'SM' }],
    ['spare', 115_200, { memory: 'ME' }],
  ]);
  expect(codes('gsm:/dev/a?memory=SR')).toEqual([expect.stringContaining('memory must be one of SM | ME')]);
});

test('each fault names its port and what is allowed', () => {
  expect(codes('modem:/dev/ttyS0')).toEqual([expect.stringMatching(/^bad-value modem:\/dev\/ttyS0: must begin with/)]);
  expect(codes('sur-gard:')).toEqual([expect.stringContaining('needs the path')]);
  expect(codes('sur-gard:/dev/a?speed=9600')).toEqual([
    expect.stringMatching(/^unknown .*speed is no parameter.*baud/),
  ]);
  expect(codes('sur-gard:/dev/a?baud=fast')).toEqual([
    expect.stringMatching(/^out-of-range .*baud must be .*300 to 921600/),
  ]);
  expect(codes('sur-gard:/dev/a?frame=9N1')).toEqual([expect.stringContaining('8N1, 7E1')]);
  expect(codes('sur-gard:/dev/a?account=17')).toEqual([
    expect.stringContaining('account must be a whole number, 3 to 16'),
  ]);
  expect(codes('sur-gard:/dev/a?name=my line')).toEqual([expect.stringContaining('name must be')]);
  expect(codes('sur-gard:/dev/a?name=redis')).toEqual([expect.stringContaining('take another')]);
});

test('two ports of one name, or one port twice, are faults', () => {
  expect(codes('sur-gard:/dev/a,sur-gard:/dev/b')).toEqual([expect.stringContaining('two ports are called sur-gard')]);
  expect(codes('sur-gard:/dev/a,sur-gard:/dev/a?name=b')).toEqual([expect.stringContaining('named twice')]);
});

test('faults of ports are told with all others at the start, and no value is repeated', () => {
  const loaded = loadConfig({ ZHUJI_SERIAL: 'sur-gard:/dev/a?account=hush,b:/dev/c', ZHUJI_HTTP_PORT: 'eighty' });
  if (!isFaulty(loaded)) throw new Error('no faults');
  expect(loaded.map(({ code, key }) => `${code} ${key}`)).toEqual([
    'bad-value ZHUJI_HTTP_PORT',
    'out-of-range ZHUJI_SERIAL',
    'bad-value ZHUJI_SERIAL',
  ]);
  expect(JSON.stringify(loaded)).not.toContain('hush');
});

test('what stands in the table of kinds may be written, and is read as it was', () => {
  for (const [kind, { options, baud, frame }] of Object.entries(SERIAL_KINDS)) {
    const defaults = Object.entries(options)
      // What has no default is not written.
      .filter(([, option]) => option.default !== null)
      .map(([key, option]) => `${key}=${option.default}`);
    const text = `${kind}:/dev/a?${[`baud=${baud}`, `frame=${frame}`, ...defaults].join('&')}`;
    expect(readSerialPorts(text), text).toEqual(readSerialPorts(`${kind}:/dev/a`));
    expect(readSerialPorts(text).faults, text).toEqual([]);
  }
});

test('any text gives ports or faults, and never throws', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const { ports, faults } = readSerialPorts(`sur-gard:/dev/a?${text}`);
      expect(ports.length).toBeGreaterThan(0);
      expect(faults.every(({ key }) => key === 'ZHUJI_SERIAL')).toBe(true);
    }),
  );
  fc.assert(fc.property(fc.string(), (text) => readSerialPorts(text).ports.length >= 0));
});
