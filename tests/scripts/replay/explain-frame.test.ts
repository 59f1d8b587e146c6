import { expect, test } from 'vitest';
import { DEVICE_MODELS } from '../../../devices/catalog/models.ts';
import { encodeDeliver } from '../../../protocols/sms-pdu/encode.ts';
import { splitText } from '../../../protocols/sms-pdu/split-text.ts';
import { explainFrame } from '../../../scripts/replay/explain-frame.ts';

test('an SMS is read from its words, and from the PDUs that the trace keeps', () => {
  const patterns = DEVICE_MODELS.find('watch-sms')?.sms ?? [];
  const text = `${'一切都好。'.repeat(20)}求救`;
  const parts = splitText(text);
  expect(parts.length).toBeGreaterThan(1);
  const pdus = parts.map((body, i) =>
    encodeDeliver({
      ...{ kind: 'deliver', from: null, time: null, body },
      part: { bits: 8, reference: 1, total: parts.length, number: i + 1 },
    }),
  );
  for (const frame of [text, pdus.map(({ hex }) => hex).join('\n')]) {
    expect(explainFrame('sms', Buffer.from(frame), { patterns })).toMatchObject({
      meanings: [{ kind: 'alarm', message: { type: 'sos', text } }],
    });
  }
});
