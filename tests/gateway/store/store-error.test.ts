import { expect, test } from 'vitest';
import { asStoreError, StoreError } from '../../../gateway/store/store-error.ts';

/** As Node makes them. */
const ofSystem = (code: string, syscall: string) => Object.assign(new Error(`${syscall} ${code}`), { code, syscall });
/** As pg makes of what the server answers. */
const ofServer = (code: string) => Object.assign(new Error('refused'), { code, severity: 'ERROR' });

test('a connection that breaks is a server that is away, whatever the system calls it', () => {
  const broken = [
    ofSystem('ECONNREFUSED', 'connect'),
    ofSystem('ECONNRESET', 'read'),
    // Five letters, as a SQLSTATE has.
    ofSystem('EPIPE', 'write'),
    ofSystem('ENXIO', 'connect'),
    new Error('Connection terminated unexpectedly'),
    ofServer('57P01'),
    ofServer('57P03'),
    ofServer('08006'),
    ofServer('53300'),
  ];
  for (const error of broken) expect(asStoreError('load', error)).toMatchObject({ code: 'unavailable' });
});

test('what the server refuses is told apart by its SQLSTATE', () => {
  const codes = ['57014', '23505', '23503', '22021', '42703', 'XX000', 'P0001'];
  const awaited = ['timeout', 'conflict', 'reference', 'bad-value', 'failed', 'failed', 'failed'];
  expect(codes.map((code) => asStoreError('load', ofServer(code)).code)).toEqual(awaited);
  const own = new StoreError('save', 'conflict');
  expect(asStoreError('load', own)).toBe(own);
});
