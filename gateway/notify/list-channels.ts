import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import type { Directory } from '../registry/directory.ts';
import type { Channel } from './channel.ts';
import { createWebhook } from './channels/webhook.ts';

/** The channels that the settings configure, in the order in which they are asked. A new channel is a line here. */
export function listChannels(
  { webhookUrl, webhookSecret }: Pick<Config, 'webhookUrl' | 'webhookSecret'>,
  directory: () => Directory,
  clock: Clock,
): readonly Channel[] {
  if (webhookUrl === null || webhookSecret === null) return [];
  return [createWebhook({ url: webhookUrl, secret: webhookSecret, directory, clock })];
}
