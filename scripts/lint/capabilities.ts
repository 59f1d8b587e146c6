/** A way out of pure code. `imports` are closed as values; types are free. */
type CapabilitySpec = {
  readonly imports: readonly {
    readonly name: string;
    readonly importNames?: string[];
    readonly allowImportNames?: string[];
  }[];
  readonly globals: readonly string[];
  readonly properties: readonly { readonly object: string; readonly property: string }[];
};

function modules(...names: readonly string[]): CapabilitySpec {
  return { imports: names.map((name) => ({ name })), globals: [], properties: [] };
}

/** The outside world's doors. Every file of devices/ and gateway/ is closed to all of them but those that GRANTS opens. */
export const CAPABILITIES = {
  disk: modules('fs', 'fs/promises', 'node:fs', 'node:fs/promises'),
  network: {
    imports: [
      { name: 'node:net', allowImportNames: ['isIP', 'isIPv4', 'isIPv6', 'BlockList'] },
      ...[
        'net',
        'http',
        'https',
        'tls',
        'node:tls',
        'node:http',
        'node:https',
        'node:http2',
        'node:dgram',
        'node:dns',
      ].map((name) => ({ name })),
    ],
    globals: ['fetch', 'WebSocket', 'EventSource'],
    properties: [],
  },
  processes: modules('child_process', 'node:child_process', 'node:cluster'),
  threads: modules('worker_threads', 'node:worker_threads'),
  system: modules('os', 'node:os'),
  sqlite: modules('node:sqlite'),
  postgres: modules('pg', 'pg-copy-streams'),
  redis: modules('ioredis'),
  mqtt: modules('aedes', 'mqtt', 'mqtt-packet'),
  serial: modules('serialport'),
  'http-server': modules(
    'fastify',
    '@fastify/cookie',
    '@fastify/helmet',
    '@fastify/static',
    '@fastify/swagger',
    '@fastify/type-provider-typebox',
  ),
  timers: {
    imports: [{ name: 'node:timers' }, { name: 'node:timers/promises' }],
    globals: ['setTimeout', 'setInterval', 'setImmediate'],
    properties: [],
  },
  clock: {
    imports: [{ name: 'node:perf_hooks' }],
    globals: ['performance'],
    properties: [
      { object: 'Date', property: 'now' },
      { object: 'process', property: 'hrtime' },
    ],
  },
  random: {
    imports: [
      { name: 'node:crypto', importNames: ['randomBytes', 'randomUUID', 'randomInt', 'randomFillSync', 'webcrypto'] },
      { name: 'ulid', importNames: ['ulid'] },
    ],
    globals: ['crypto'],
    properties: [{ object: 'Math', property: 'random' }],
  },
  environment: { imports: [], globals: [], properties: [{ object: 'process', property: 'env' }] },
} as const satisfies Record<string, CapabilitySpec>;

export type Capability = keyof typeof CAPABILITIES;

type Grant = { readonly files: readonly [string, ...string[]]; readonly may: readonly Capability[] };

/** The files whose job is I/O, time or chance, each with what its job needs. A file stands here once. */
export const GRANTS: readonly Grant[] = [
  { files: ['gateway/main.ts'], may: ['disk', 'environment', 'timers', 'system'] },
  { files: ['gateway/app.ts'], may: ['random'] },
  { files: ['gateway/open-stores.ts'], may: ['timers'] },
  { files: ['gateway/clock.ts'], may: ['clock'] },
  { files: ['gateway/kept-thread.ts'], may: ['threads', 'timers'] },
  { files: ['gateway/time-slices.ts'], may: ['timers'] },
  { files: ['gateway/own-name.ts'], may: ['disk'] },
  { files: ['gateway/log-writer.ts'], may: ['disk', 'timers'] },
  { files: ['gateway/tls-files.ts'], may: ['disk', 'network'] },
  { files: ['gateway/secret-files.ts'], may: ['disk'] },

  { files: ['devices/links/tcp/listener.ts', 'devices/links/udp/udp-port.ts'], may: ['network'] },
  { files: ['devices/links/tcp/connection.ts'], may: ['timers'] },
  { files: ['devices/links/sia-dc09/aes-cipher.ts'], may: ['random'] },
  { files: ['devices/links/mqtt/broker.ts'], may: ['mqtt'] },
  { files: ['devices/links/alarm-lane.ts', 'devices/links/settled.ts'], may: ['timers'] },
  { files: ['devices/links/mqtt/running-link.ts'], may: ['timers'] },
  { files: ['devices/links/mqtt/bounded-stream.ts', 'devices/links/mqtt/keep-alive.ts'], may: ['timers'] },
  { files: ['devices/links/serial/open-port.ts'], may: ['serial'] },
  { files: ['devices/links/serial/serial-line.ts'], may: ['disk', 'timers'] },
  { files: ['devices/links/caller-id/caller-id-link.ts'], may: ['timers'] },
  {
    files: [
      'devices/links/gsm/at-session.ts',
      'devices/links/gsm/calls.ts',
      'devices/links/gsm/gsm-link.ts',
      'devices/links/gsm/modem.ts',
      'devices/links/gsm/set-up.ts',
    ],
    may: ['timers'],
  },
  { files: ['devices/simulator/**'], may: ['mqtt', 'network', 'timers', 'clock', 'random'] },

  { files: ['gateway/segments/disk.ts', 'gateway/ingest/lineage-file.ts'], may: ['disk'] },
  { files: ['gateway/ingest/journal/worker.ts'], may: ['threads', 'timers', 'clock'] },
  { files: ['gateway/ingest/redis-watch.ts'], may: ['timers'] },
  { files: ['gateway/ingest/ingest.ts'], may: ['random'] },

  { files: ['gateway/incidents/incidents.ts', 'gateway/incidents/log/log-tail.ts'], may: ['timers'] },
  { files: ['gateway/incidents/commit-script.ts'], may: ['random'] },
  { files: ['gateway/incidents/degraded/line-file.ts'], may: ['disk'] },
  { files: ['gateway/incidents/degraded/memory-file.ts'], may: ['timers'] },
  { files: ['gateway/incidents/degraded/append-within.ts'], may: ['timers'] },
  { files: ['gateway/incidents/degraded/degraded.ts'], may: ['timers', 'random'] },
  {
    files: ['gateway/escalation/engine.ts', 'gateway/escalation/auditor.ts', 'gateway/escalation/coverage-watch.ts'],
    may: ['timers'],
  },

  { files: ['gateway/registry/registry.ts'], may: ['disk', 'timers'] },
  { files: ['gateway/registry/snapshot.ts'], may: ['disk'] },
  { files: ['gateway/registry/change-listener.ts'], may: ['postgres'] },
  { files: ['gateway/registry/open-registry.ts'], may: ['random'] },

  { files: ['gateway/history/history.ts'], may: ['random'] },
  { files: ['gateway/history/projector.ts', 'gateway/history/chores.ts'], may: ['timers'] },
  { files: ['gateway/history/audit-trail.ts', 'gateway/history/minutes.ts'], may: ['timers'] },
  { files: ['gateway/history/head-file.ts'], may: ['disk'] },

  { files: ['gateway/telemetry/disk-space.ts'], may: ['disk', 'timers'] },
  { files: ['gateway/telemetry/loops.ts', 'gateway/telemetry/part-watch.ts'], may: ['timers'] },
  { files: ['gateway/telemetry/silence/silence.ts', 'gateway/telemetry/limits/held-news.ts'], may: ['timers'] },
  { files: ['gateway/telemetry/deadman.ts'], may: ['network', 'timers'] },
  { files: ['gateway/telemetry/observations/observations.ts'], may: ['timers'] },
  { files: ['gateway/telemetry/vitals/worker.ts'], may: ['threads', 'timers', 'clock', 'random'] },
  { files: ['gateway/telemetry/vitals/worker-host.ts'], may: ['timers'] },
  { files: ['gateway/telemetry/vitals/writer.ts', 'gateway/telemetry/vitals/vitals.ts'], may: ['timers'] },
  { files: ['gateway/telemetry/vitals/connection.ts'], may: ['postgres'] },

  { files: ['gateway/trace/frame-files.ts'], may: ['disk'] },
  {
    files: ['gateway/trace/frame-queue.ts', 'gateway/trace/search.ts', 'gateway/trace/erase-frames.ts'],
    may: ['timers'],
  },

  { files: ['gateway/notify/channels/bounded-post.ts'], may: ['network'] },
  { files: ['gateway/notify/runner.ts', 'gateway/notify/notifier.ts', 'gateway/notify/texts.ts'], may: ['timers'] },

  { files: ['gateway/store/redis.ts'], may: ['redis'] },
  { files: ['gateway/store/postgres.ts'], may: ['postgres', 'timers'] },
  { files: ['gateway/store/migrate.ts'], may: ['postgres', 'disk'] },

  { files: ['gateway/backup/backup-client.ts', 'gateway/backup/restore-backup.ts'], may: ['postgres'] },
  { files: ['gateway/backup/write-backup.ts'], may: ['postgres', 'disk'] },
  {
    files: ['gateway/backup/read-backup.ts', 'gateway/backup/expire.ts', 'gateway/backup/known-heads.ts'],
    may: ['disk'],
  },

  { files: ['gateway/api/server.ts'], may: ['http-server', 'network'] },
  { files: ['gateway/api/dashboard-files.ts'], may: ['http-server', 'disk'] },
  { files: ['gateway/api/local-socket.ts'], may: ['network', 'disk', 'system'] },
  { files: ['gateway/api/local-socket-path.ts'], may: ['disk'] },
  { files: ['gateway/api/register-api.ts'], may: ['random', 'timers'] },
  { files: ['gateway/api/live/status-board.ts', 'gateway/api/routes/events.ts'], may: ['timers'] },
  { files: ['gateway/api/auth/ended-sessions.ts', 'gateway/api/presence.ts'], may: ['timers'] },

  { files: ['gateway/embedded/embedded.ts'], may: ['system'] },
  { files: ['gateway/embedded/data-lock.ts'], may: ['disk', 'sqlite'] },
  { files: ['gateway/embedded/postgres.ts'], may: ['postgres', 'disk', 'system'] },
  { files: ['gateway/embedded/redis.ts'], may: ['redis', 'disk', 'system'] },
  { files: ['gateway/embedded/redis-binary.ts'], may: ['disk', 'environment'] },
  { files: ['gateway/embedded/run-command.ts'], may: ['processes', 'environment'] },
  { files: ['gateway/embedded/patient-start.ts'], may: ['timers'] },
  { files: ['gateway/embedded/server-process.ts'], may: ['processes', 'timers', 'environment'] },
  {
    files: [
      'gateway/embedded/data-folder.ts',
      'gateway/embedded/log-file.ts',
      'gateway/embedded/postgres-account.ts',
      'gateway/embedded/postgres-binaries.ts',
      'gateway/embedded/postgres-cluster.ts',
      'gateway/embedded/processes.ts',
      'gateway/embedded/socket-folder.ts',
    ],
    may: ['disk'],
  },
];
