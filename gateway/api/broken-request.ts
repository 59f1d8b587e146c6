import type { Socket } from 'node:net';
import { formatProblem, ProblemError } from './problems.ts';

/** Bytes that Node's parser could not read as a request, or not in time: no route ever sees them, they get a problem too. */
export function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  if (socket.writable) socket.write(formatAnswer(problemOf(error.code)));
  socket.destroySoon();
}

function problemOf(code: string | undefined): ProblemError {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return new ProblemError('too-large', 'The headers are too large');
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new ProblemError('bad-request', 'The request did not come in time');
    default:
      return new ProblemError('bad-request', 'This is no HTTP request');
  }
}

function formatAnswer(problem: ProblemError): string {
  const body = JSON.stringify(formatProblem(problem));
  return [
    `HTTP/1.1 ${problem.status} Refused`,
    'Content-Type: application/problem+json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
    '',
    body,
  ].join('\r\n');
}
