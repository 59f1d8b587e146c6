/**
 * What an alarm receiver says on its automation output (SG Automation Output Protocol, form 7-3005, §1.2 and §4): protocol id, receiver
 * number, line card, data. Accounts and digits are kept as they were written. Syntax only: `devices/meaning` says what codes mean.
 */
export type SurGardMessage = SurGardOrigin &
  (
    | { readonly kind: 'heartbeat' }
    | {
        readonly kind: 'contact-id';
        /** `18` and `98`: accounts of the width that the receiver is set to (§4.9); `58`: of ten digits (§4.10). */
        readonly format: '18' | '98' | '58';
        readonly account: string;
        readonly event: SurGardContactId;
      }
    | {
        readonly kind: 'sia';
        /** `S`: a block as the panel sent it (§4.7); `0`: one of the receiver about itself; `3`: one code and its zone. */
        readonly protocol: 'S' | '0' | '3';
        readonly account: string;
        /** What stands behind `|`: `Nri1/PA501`; of `3` as if it were such a block. */
        readonly data: string;
      }
    | {
        readonly kind: 'basic';
        readonly account: string;
        /** One printable character, as the receiver was programmed to say it (§4.3); `0` to `9` of the format 4/3. */
        readonly event: string;
        /** Area of an opening or closing, or a space. */
        readonly area: string;
        /** Three characters: alarm code, zone or user, padded with spaces. */
        readonly code: string;
      }
  );

/** Which receiver and which of its line cards; `0`, `00` or `000` is the receiver itself. */
export type SurGardOrigin = { readonly receiver: string; readonly line: string };

/** Shaped as an event of `protocols/contact-id`: E is new, R restored, P told before. */
export type SurGardContactId = {
  readonly qualifier: 'new' | 'restored' | 'still';
  readonly code: string;
  readonly group: string;
  readonly zone: string;
};

/**
 * Why there is no message. `not-printable`: a byte that no frame has, as with a wrong parity; `no-header`: it does not begin as a frame
 * does; `unknown-form`: it does, and goes on as none that is known: another protocol, other widths, or a byte that was lost.
 */
export type SurGardRefusal = 'empty' | 'not-printable' | 'no-header' | 'unknown-form';

export type DecodedSurGard =
  | {
      readonly ok: true;
      readonly message: SurGardMessage;
      /** Characters of something else in front of it, left out. */
      readonly noise: number;
    }
  | { readonly ok: false; readonly reason: SurGardRefusal };
