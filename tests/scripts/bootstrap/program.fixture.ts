// Says that it is up, counts the signals that it gets, and ends a moment after the first with code 7.
const counts: Record<string, number> = {};
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.on(name, () => {
    counts[name] = (counts[name] ?? 0) + 1;
    setTimeout(() => {
      process.stdout.write(`got ${JSON.stringify(counts)}\n`);
      process.exit(7);
    }, 700);
  });
}
setInterval(() => undefined, 60_000);
process.stdout.write(`up ${process.pid} ${process.versions.node}\n`);
