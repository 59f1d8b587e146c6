// The baseline of `npm run bench`: a broker that acknowledges and stores nothing. Its port goes to standard output.
import { createServer } from 'node:net';
import { Aedes } from 'aedes';

// With the default of 100 it dies under such a load (performance of the broker, not of ours).
const broker = await Aedes.createBroker({ concurrency: 0 });
const server = createServer(broker.handle);
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(`${typeof address === 'object' && address !== null ? address.port : 0}\n`);
});
