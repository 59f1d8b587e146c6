import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import type { Directory } from '../registry/directory.ts';
import type { Channel } from './channel.ts';
import { createSmsChannel } from './channels/sms.ts';
import { createWebhook } from './channels/webhook.ts';
import type { Texts } from './texts.ts';

/**
 * The channels that the settings configure, in the order in which they are asked: where a webhook does the telling, it goes on
 * doing so, and what it does not take is texted. A new channel is a line here.
 */
export function listChannels(
  { webhookUrl, webhookSecret }: Pick<Config, 'webhookUrl' | 'webhookSecret'>,
  directory: () => Directory,
  texts: Texts,
  clock: Clock,
): readonly Channel[] {
  const webhook =
    webhookUrl === null || webhookSecret === null
      ? []
      : [createWebhook({ url: webhookUrl, secret: webhookSecret, directory, clock })];
  return texts.gateways.length === 0 ? webhook : [...webhook, createSmsChannel(texts)];
}
