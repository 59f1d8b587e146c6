import { describe, expect, test } from 'vitest';
import type { DeviceModel, Golden } from '../../../devices/catalog/model.ts';
import { DEVICE_MODELS } from '../../../devices/catalog/models.ts';
import type { ReceiverMeaning } from '../../../devices/meaning/receiver-meaning.ts';
import { explainFrame } from '../../../scripts/replay/explain-frame.ts';

const bytesOf = ({ frame }: Golden): Uint8Array =>
  'text' in frame ? Buffer.from(frame.text) : Buffer.from(frame.hex, 'hex');

/** Through the codec and the meaning of its protocol. */
function read(model: DeviceModel, golden: Golden): ReceiverMeaning {
  const { keyHex, topic } = golden;
  const explained = explainFrame(golden.protocol ?? model.protocol, bytesOf(golden), {
    key: keyHex === undefined ? null : Buffer.from(keyHex, 'hex'),
    patterns: model.sms ?? [],
    ...(topic === undefined ? {} : { topic }),
  });
  if ('refused' in explained) throw new Error(`refused: ${explained.refused}`);
  const [meaning] = explained.meanings;
  expect(explained.meanings).toHaveLength(1);
  if (meaning === undefined) throw new Error('it means nothing');
  return meaning;
}

const goldens = DEVICE_MODELS.all.flatMap((model: DeviceModel) =>
  model.golden.map((golden, at) => ({ model, golden, name: `${model.id} ${at}` })),
);

test.each(goldens)('the golden frame $name becomes what it must', ({ model, golden }) => {
  const meaning = read(model, golden);
  if (golden.means === 'heartbeat') {
    expect(meaning).toEqual({ kind: 'heartbeat' });
    return;
  }
  expect(meaning).toMatchObject({ kind: 'alarm', message: golden.means });
  // What is typical of a model is read without a fault, but for a zone that nobody named.
  if (meaning.kind === 'alarm') expect(meaning.message.faults).toEqual([]);
});

describe.each(DEVICE_MODELS.all)('$id', (model: DeviceModel) => {
  test('has a golden press of its red key, and raises what its golden frames say', () => {
    const raised = model.golden.flatMap(({ means }) => (means === 'heartbeat' ? [] : [means.type]));
    expect(raised).toContain('sos');
    const own: readonly string[] = [...model.keys.map(({ raises }) => raises), ...model.raises, 'unknown'];
    for (const type of raised) expect(own).toContain(type);
  });

  test('sends codes that have a meaning, and none beyond what its table raises', () => {
    const own: readonly string[] = [...model.keys.map(({ raises }) => raises), ...model.raises, 'test'];
    for (const code of model.fingerprint.codes) {
      const isSia = /^[A-Z]/u.test(code);
      const frame = isSia ? `S011[#1234|N${code}01]` : `5011 181234E${code}01001`;
      const explained = explainFrame('sur-gard', Buffer.from(frame));
      const [meaning] = 'meanings' in explained ? explained.meanings : [];
      if (meaning?.kind === 'alarm') {
        expect(meaning.message.faults, code).toEqual([]);
        expect(own, code).toContain(meaning.message.type);
      } else expect(meaning?.kind, code).toBe('heartbeat');
    }
    const hasCodes = model.protocol === 'sia-dc09' || model.protocol === 'sur-gard';
    expect(model.fingerprint.codes.length > 0).toBe(hasCodes);
  });

  test('one flipped bit of a frame with a checksum is refused', () => {
    if (model.protocol !== 'sia-dc09') return;
    for (const golden of model.golden) {
      const bytes = Buffer.from(bytesOf(golden));
      bytes[20] = (bytes[20] ?? 0) ^ 1;
      expect(explainFrame('sia-dc09', bytes)).toHaveProperty('refused');
    }
  });
});
