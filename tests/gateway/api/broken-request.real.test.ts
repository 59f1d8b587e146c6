import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { startBareServer } from './bare-server.ts';

/** Everything that the server says to these bytes before it closes. */
function tell(url: string, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(bytes));
    let answer = '';
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => (answer += chunk));
    socket.on('error', reject);
    socket.on('close', () => resolve(answer));
  });
}

test.each([
  ['no HTTP at all', 'HELLO\r\n\r\n', 400, 'bad-request'],
  ['headers without end', `GET / HTTP/1.1\r\nhost: x\r\nx: ${'a'.repeat(20_000)}\r\n\r\n`, 413, 'too-large'],
])('%s gets a problem and an end', async (_what, bytes, status, code) => {
  const { url } = await startBareServer();
  const [head = '', body = ''] = (await tell(url, bytes)).split('\r\n\r\n');
  expect(head).toContain(`HTTP/1.1 ${status} `);
  expect(head).toContain('application/problem+json');
  expect(JSON.parse(body)).toMatchObject({ status, code });
});
