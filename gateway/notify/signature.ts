import { createHmac, timingSafeEqual } from 'node:crypto';

/** How far the clocks of sender and receiver may be apart, and how long a signed request is good. Chosen. */
export const SIGNATURE_GOOD_FOR_S = 300;

const FORM = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/;

export type SignatureFault = 'malformed' | 'wrong' | 'stale';

/** The header `x-zhuji-signature`: when it was signed (Unix seconds) and HMAC-SHA-256 over `<t>.<body>`, in hexadecimal. */
export function formatSignature(secret: string, signedAtS: number, body: string | Uint8Array): string {
  return `t=${signedAtS},v1=${calcHmac(secret, signedAtS, body).toString('hex')}`;
}

/** Null where the header proves that whoever has the secret sent this body within the last minutes. Pure. */
export function checkSignature(
  secret: string,
  header: string | undefined,
  body: string | Uint8Array,
  nowS: number,
): SignatureFault | null {
  const match = FORM.exec(header ?? '');
  if (match === null) return 'malformed';
  const [, at = '', told = ''] = match;
  if (!timingSafeEqual(calcHmac(secret, Number(at), body), Buffer.from(told, 'hex'))) return 'wrong';
  return Math.abs(nowS - Number(at)) > SIGNATURE_GOOD_FOR_S ? 'stale' : null;
}

function calcHmac(secret: string, signedAtS: number, body: string | Uint8Array): Buffer {
  return createHmac('sha256', secret).update(`${signedAtS}.`).update(body).digest();
}
