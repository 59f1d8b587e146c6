import { RECEIPTS, type ReceiptKind } from '../../api/contract/notification.ts';
import type { Clock } from '../../clock.ts';
import { errorCode } from '../../errors.ts';
import type { Directory } from '../../registry/directory.ts';
import type { Channel, SendResult } from '../channel.ts';
import { formatSignature } from '../signature.ts';
import { createPoster, type PostAnswer } from './bounded-post.ts';

/** An attempt that is not answered by then has failed (chosen). */
const ANSWER_WITHIN_MS = 10_000;

/** Not only this message: nothing gets through until somebody mends it. Others of 4xx speak of the one message. */
const CHANNEL_FAULTS: ReadonlySet<number> = new Set([401, 403, 404, 405, 408, 410, 429]);

export type WebhookOptions = {
  /** Its path is often its secret, so it is never logged. */
  readonly url: string;
  readonly secret: string;
  readonly directory: () => Pick<Directory, 'user'>;
  readonly clock: Clock;
  readonly answerWithinMs?: number;
};

/**
 * Hands notices to a program of the operator's choice, which calls, texts or pushes: POST of JSON, signed (see README). 2xx:
 * taken. What speaks of the channel (401, 403, 404, 405, 408, 410, 429, 5xx, a redirect (not followed), no answer): tried
 * again, since a proxy may answer so for a minute. Any other 4xx: refused for good.
 */
export function createWebhook(options: WebhookOptions): Channel {
  const { secret, directory, clock, answerWithinMs = ANSWER_WITHIN_MS } = options;
  const poster = createPoster(new URL(options.url));

  return {
    name: 'webhook',
    // Whether a contact may be told is judged when it is sent.
    canReach: ({ kind, id }) => kind === 'contact' || directory().user(id) !== undefined,
    send: async (notice, signal) => {
      const body = Buffer.from(JSON.stringify(notice));
      const headers = {
        'content-type': 'application/json; charset=utf-8',
        'user-agent': 'zhuji',
        'x-zhuji-id': notice.id,
        'x-zhuji-signature': formatSignature(secret, Math.floor(clock.nowMs() / 1000), body),
      };
      const late = AbortSignal.timeout(answerWithinMs);
      try {
        return judge(await poster.post(headers, body, AbortSignal.any([signal, late])));
      } catch (error) {
        const code = late.aborted ? 'no-answer' : errorCode(error);
        return { kind: 'failed', code, isPermanent: false, isChannelFault: true, retryAfterMs: null };
      }
    },
    stop: poster.stop,
  };
}

function judge({ status, retryAfter, body }: PostAnswer): SendResult {
  const code = String(status);
  if (status >= 200 && status < 300) return { kind: 'sent', code, receipt: body === null ? null : readReceipt(body) };
  const isChannelFault = status < 400 || status >= 500 || CHANNEL_FAULTS.has(status);
  return {
    kind: 'failed',
    code,
    isPermanent: !isChannelFault,
    isChannelFault,
    retryAfterMs: readRetryAfter(retryAfter),
  };
}

/** Seconds; the form with a date is rare and not worth a clock's difference. */
function readRetryAfter(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,6}$/.test(text) ? Number(text) * 1000 : null;
}

/** `{"receipt":"delivered"}`; anything else says nothing. */
function readReceipt(text: string): ReceiptKind | null {
  try {
    const answer: unknown = JSON.parse(text);
    if (typeof answer !== 'object' || answer === null || !('receipt' in answer)) return null;
    return RECEIPTS.find((kind) => kind === answer.receipt) ?? null;
  } catch {
    return null;
  }
}
