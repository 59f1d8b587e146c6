import { expect, test } from 'vitest';
import { readFrameFormat, writeFrameFormat } from '../../../../devices/links/serial/frame-format.ts';

test('the formats of the field are read', () => {
  expect(readFrameFormat('8N1')).toEqual({ dataBits: 8, parity: 'none', stopBits: 1 });
  expect(readFrameFormat('7e1')).toEqual({ dataBits: 7, parity: 'even', stopBits: 1 });
  expect(readFrameFormat('7O2')).toEqual({ dataBits: 7, parity: 'odd', stopBits: 2 });
});

test('what is read is written as it was', () => {
  for (const text of ['8N1', '8N2', '8E1', '8O1', '7E1', '7O1', '7E2', '7N1']) {
    const format = readFrameFormat(text);
    expect(format === null ? null : writeFrameFormat(format)).toBe(text);
  }
});

test('anything else is none', () => {
  for (const text of ['', '8', '8N', '8N11', '9N1', '6E1', '8X1', '8N3', 'N81', ' 8N1']) {
    expect(readFrameFormat(text)).toBeNull();
  }
});
