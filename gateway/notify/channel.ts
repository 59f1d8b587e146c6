import type { ReceiptKind } from '../api/contract/notification.ts';
import type { NotificationDraft } from '../incidents/commit.ts';
import type { Notice } from './notice.ts';

/** How one attempt ended. `code` is a status or the name of a fault, never a message. */
export type SendResult =
  | { readonly kind: 'sent'; readonly code: string; readonly receipt: ReceiptKind | null }
  | {
      readonly kind: 'failed';
      readonly code: string;
      /** The same would fail again: it is not tried again. */
      readonly isPermanent: boolean;
      /** Says something about the channel, not only about this message. */
      readonly isChannelFault: boolean;
      readonly retryAfterMs: number | null;
    };

/** A way to tell a person something beyond the screens. */
export type Channel = {
  /** As the log names it. */
  readonly name: string;
  readonly canReach: (to: NotificationDraft['to']) => boolean;
  /** One attempt; ends by `signal` at the latest. Never rejects. */
  readonly send: (notice: Notice, signal: AbortSignal) => Promise<SendResult>;
  readonly stop: () => void;
};
