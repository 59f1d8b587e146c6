import { DEVICE_MODELS } from '../../../devices/catalog/models.ts';
import type { CapturedFrame } from '../../replay/read-capture.ts';
import type { Sender } from '../../replay/sender.ts';
import { defineCommand, type Options, UsageError, type Values } from '../command.ts';
import { KEY_OPTIONS, readKey } from '../key-options.ts';
import { readText } from '../read-text.ts';

const OPTIONS = {
  'dry-run': { type: 'boolean', description: 'Send nothing: show what each frame means' },
  to: {
    type: 'string',
    value: 'TARGET',
    description: 'tcp://HOST:PORT or udp://HOST:PORT (DC-09), mqtt://HOST:PORT, or the path of a serial port',
  },
  yes: {
    type: 'boolean',
    description: 'Needed to send: each alarm rings at the operators of that gateway as if its device had sent it',
  },
  fast: { type: 'boolean', description: 'Without the pauses between the frames; a pause is a minute at most' },
  as: {
    type: 'string',
    value: 'PROTOCOL',
    description: 'What a port speaks whose own name the frames have: sur-gard, caller-id or sms',
  },
  ...KEY_OPTIONS,
  model: { type: 'string', value: 'MODEL', description: 'Of the catalog: whose words an SMS is read by' },
  baud: { type: 'string', value: 'N', description: 'Speed of the serial port; default 9600' },
  format: { type: 'string', value: 'FORMAT', description: 'Bits of the serial port; default 8N1' },
} as const satisfies Options;

export const replay = defineCommand({
  name: 'replay',
  summary: 'Send captured frames to a gateway over the real transport, or tell what they mean.',
  argument: {
    name: 'FILE',
    description: 'What device frames --json wrote; or lines of time, protocol, hex digits and, if there is one, device',
  },
  options: OPTIONS,
  run: async ({ json, print, printError }, values, path) => {
    const { PROTOCOLS, readCapture } = await import('../../replay/read-capture.ts');
    const as = PROTOCOLS.find((protocol) => protocol === values.as) ?? null;
    if (values.as !== undefined && as === null) throw new UsageError(`--as takes one of ${PROTOCOLS.join(', ')}`);
    const explain = await createExplainer(values);
    const frames = readCapture(await readText(path), as);
    if (values['dry-run']) {
      const told = frames.map((frame) => ({ ...view(frame), meaning: explain(frame) }));
      if (json) print(JSON.stringify(told));
      else
        for (const { at, protocol, deviceId, meaning } of told)
          print([at, protocol, deviceId ?? '-', meaning].join('  '));
      return 0;
    }
    const sender = await openTarget(values, frames);
    const { replayFrames } = await import('../../replay/replay.ts');
    try {
      const sent = await replayFrames({
        ...{ frames, sender, isFast: values.fast },
        onSent: ({ frame, answer }) => {
          if (!json) print([view(frame).at, explain(frame), answer ?? 'no answer'].join('  '));
        },
      });
      const told = sent.map(({ frame, answer }) => ({ ...view(frame), meaning: explain(frame), answer }));
      if (json) print(JSON.stringify(told));
      const unanswered = told.filter(({ answer }) => answer === null).length;
      if (unanswered > 0) printError(`${unanswered} of ${told.length} frames were not answered.`);
      return unanswered === 0 ? 0 : 1;
    } finally {
      await sender.close();
    }
  },
});

async function createExplainer(values: Values<typeof OPTIONS>): Promise<(frame: CapturedFrame) => string> {
  const { model } = values;
  const key = await readKey(values);
  const { describeExplained, explainFrame } = await import('../../replay/explain-frame.ts');
  const { isStatus } = await import('../../replay/mqtt-sender.ts');
  if (key !== undefined && !/^(?:[0-9a-f]{32}|[0-9a-f]{48}|[0-9a-f]{64})$/iu.test(key)) {
    throw new UsageError('--key takes 32, 48 or 64 hex digits');
  }
  const found = model === undefined ? undefined : DEVICE_MODELS.find(model);
  if (model !== undefined && found === undefined) throw new UsageError(`There is no model ${model}; see device models`);
  const context = { key: key === undefined ? null : Buffer.from(key, 'hex'), patterns: found?.sms ?? [] };
  return ({ protocol, bytes, meaning }) => {
    const topic = isStatus(meaning) ? 'status' : 'alarm';
    return describeExplained(explainFrame(protocol, bytes, { ...context, topic }));
  };
}

async function openTarget(values: Values<typeof OPTIONS>, frames: readonly CapturedFrame[]): Promise<Sender> {
  const { maySend, readTarget } = await import('../../replay/target.ts');
  const { readFrameFormat } = await import('../../../devices/links/serial/frame-format.ts');
  const target = values.to === undefined ? null : readTarget(values.to);
  if (target === null)
    throw new UsageError('--to takes tcp://HOST:PORT, udp://HOST:PORT, mqtt://HOST:PORT or a serial port');
  const other = frames.find(({ protocol }) => !maySend(target, protocol));
  if (other !== undefined) throw new UsageError(`A frame of ${other.protocol} cannot be sent to ${values.to ?? ''}`);
  const baudRate = Number(values.baud ?? 9600);
  const format = readFrameFormat(values.format ?? '8N1');
  if (!Number.isInteger(baudRate) || baudRate < 50) throw new UsageError('--baud takes a speed, as 9600');
  if (format === null) throw new UsageError('--format takes bits, parity and stop bits, as 8N1');
  // Also on this machine: a gateway cannot tell a replay from a press, and must not.
  if (!values.yes) throw new UsageError('What is sent rings as real: say --yes, or look first with --dry-run');
  const { openSender } = await import('../../replay/open-sender.ts');
  return openSender(target, { ...format, baudRate });
}

function view({ atMs, protocol, deviceId }: CapturedFrame) {
  return { at: new Date(atMs).toISOString(), protocol, deviceId };
}
