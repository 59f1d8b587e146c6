import { get } from 'node:http';
import { findSocketPath } from '../../gateway/api/local-socket-path.ts';

/** A gateway that is alive answers at once; a container is given three tries (chosen). */
const LIMIT_MS = 3000;

/**
 * `/healthz` by way of the local socket: the same whatever address, port and certificate the pages have. Exit code 0 where it
 * answers 200, else 1: for the health check of the container.
 */
const socketPath = await findSocketPath(process.env['ZHUJI_DATA'] ?? './data');
const request = get({ socketPath, path: '/healthz', signal: AbortSignal.timeout(LIMIT_MS) }, (response) => {
  response.resume();
  process.exitCode = response.statusCode === 200 ? 0 : 1;
});
request.on('error', ({ message }) => {
  process.stderr.write(`No gateway answers on ${socketPath}: ${message}\n`);
  process.exitCode = 1;
});
