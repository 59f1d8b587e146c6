import type { FrameFormat } from '../../devices/links/serial/frame-format.ts';
import { createTcpSender, createUdpSender } from './dc09-sender.ts';
import { createMqttSender } from './mqtt-sender.ts';
import { ReplayError, type Sender } from './sender.ts';
import { createSerialSender } from './serial-sender.ts';
import type { ReplayTarget } from './target.ts';

/** What sends to this target. Its calls, and this, reject with ReplayError where nobody listens. */
export async function openSender(
  target: ReplayTarget,
  line: FrameFormat & { readonly baudRate: number },
): Promise<Sender> {
  const name =
    target.kind === 'mqtt' ? target.url : target.kind === 'serial' ? target.path : `${target.host}:${target.port}`;
  const failed = (error: unknown): never => {
    throw new ReplayError(name, error);
  };
  const sender = await open(target, line).catch(failed);
  return { send: (frame) => sender.send(frame).catch(failed), close: sender.close };
}

async function open(target: ReplayTarget, line: FrameFormat & { readonly baudRate: number }): Promise<Sender> {
  switch (target.kind) {
    case 'tcp':
      return createTcpSender(target);
    case 'udp':
      return createUdpSender(target);
    case 'mqtt':
      return createMqttSender(target.url);
    case 'serial':
      return createSerialSender({ ...line, path: target.path });
  }
}
