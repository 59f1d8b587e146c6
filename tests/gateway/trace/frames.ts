import type { TracedFrame } from '../../../devices/links/ports.ts';

export function frameOf(deviceId: string | null, text: string, fields: Partial<TracedFrame> = {}): TracedFrame {
  return {
    ...{
      link: 'mqtt',
      peer: '127.0.0.1:4711',
      direction: 'in',
      deviceId,
      raw: Buffer.from(text),
      meaning: 'alarm sos',
      isSignOfLife: false,
    },
    ...fields,
  };
}
