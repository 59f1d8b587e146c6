import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkSignature, formatSignature, SIGNATURE_GOOD_FOR_S } from '../../../gateway/notify/signature.ts';

const SECRET = 'a secret of sixteen or more';

test('a receiver verifies with HMAC-SHA-256 over time, dot and body', () => {
  const v1 = createHmac('sha256', SECRET).update('1700000000.{"id":"n"}').digest('hex');
  expect(formatSignature(SECRET, 1_700_000_000, '{"id":"n"}')).toBe(`t=1700000000,v1=${v1}`);
});

test('what was signed is right for five minutes; one other byte, another secret or another time is not', () => {
  const some = fc.record({ body: fc.uint8Array({ minLength: 1 }), at: fc.nat(2_000_000_000), flip: fc.nat() });
  fc.assert(
    fc.property(some, ({ body, at, flip }) => {
      const header = formatSignature(SECRET, at, body);
      expect(checkSignature(SECRET, header, body, at + SIGNATURE_GOOD_FOR_S)).toBeNull();
      expect(checkSignature(SECRET, header, body, at - SIGNATURE_GOOD_FOR_S)).toBeNull();
      expect(checkSignature(SECRET, header, body, at + SIGNATURE_GOOD_FOR_S + 1)).toBe('stale');
      expect(checkSignature(`${SECRET}.`, header, body, at)).toBe('wrong');
      expect(checkSignature(SECRET, header.replace(`t=${at}`, `t=${at + 1}`), body, at)).toBe('wrong');
      const changed = Uint8Array.from(body);
      changed[flip % body.length] = (body[flip % body.length] ?? 0) ^ 1;
      expect(checkSignature(SECRET, header, changed, at)).toBe('wrong');
    }),
  );
});

test.each([undefined, '', 'v1=00', 't=1,v1=zz', `t=x,v1=${'0'.repeat(64)}`, `t=1,v1=${'0'.repeat(63)}`])(
  'a header like %j proves nothing',
  (header) => {
    expect(checkSignature(SECRET, header, 'body', 1)).toBe('malformed');
  },
);
