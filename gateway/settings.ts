import type { Setting } from './setting.ts';
import { KEPT } from './telemetry/observations/retention.ts';

/** Behind the key of a secret: the path of a file that holds it. */
export const SECRET_FILE_SUFFIX = '_FILE';

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

const HOST = { kind: 'text', pattern: /^[A-Za-z0-9.:_-]{1,253}$/, shape: 'a host name or an IP address' } as const;
const PORT = { kind: 'integer', min: 0, max: 65_535, unit: 'TCP port, 0 takes a free one' } as const;

/**
 * Every setting of the gateway, as data: validation, the type `Config`, the table of `zhuji config` and the documentation
 * are made from it. A key that no code reads does not belong here.
 */
export const SETTINGS = {
  dataDir: {
    key: 'ZHUJI_DATA',
    description: 'Folder of everything the gateway keeps: journal, snapshots, sockets, embedded databases',
    kind: 'path',
    default: './data',
  },
  gatewayId: {
    key: 'ZHUJI_GATEWAY_ID',
    description:
      'Name of this gateway. Not set: made once and kept in the data folder. Several on one Redis never have the same',
    kind: 'text',
    pattern: /^[A-Za-z0-9._-]{1,64}$/,
    shape: '1 to 64 letters, digits, dots, underscores or hyphens',
    default: null,
  },
  httpHost: { key: 'ZHUJI_HTTP_HOST', description: 'Address of pages and API', ...HOST, default: '127.0.0.1' },
  httpPort: { key: 'ZHUJI_HTTP_PORT', description: 'Port of pages and API', ...PORT, default: 8080 },
  httpTlsCert: {
    key: 'ZHUJI_HTTP_TLS_CERT',
    description: 'PEM file with the certificate chain for HTTPS; with it, plain HTTP is off',
    kind: 'path',
    default: null,
  },
  httpTlsKey: { key: 'ZHUJI_HTTP_TLS_KEY', description: 'PEM file with its private key', kind: 'path', default: null },
  trustedProxies: {
    key: 'ZHUJI_TRUSTED_PROXIES',
    description:
      'Proxies before pages and API: addresses and networks, by commas. What they write in X-Forwarded-For is the address by which log-ins are slowed down; without it everybody behind a proxy is one address',
    kind: 'text',
    pattern: /^[0-9A-Fa-f.:]+(\/[0-9A-Za-z]*)?(,[0-9A-Fa-f.:]+(\/[0-9A-Za-z]*)?)*$/,
    shape: 'addresses or networks (10.0.0.0/8) by commas, without spaces',
    default: null,
  },
  mqttHost: { key: 'ZHUJI_MQTT_HOST', description: 'Address where devices connect', ...HOST, default: '127.0.0.1' },
  mqttPort: { key: 'ZHUJI_MQTT_PORT', description: 'Port where devices connect', ...PORT, default: 1883 },
  mqttTlsCert: {
    key: 'ZHUJI_MQTT_TLS_CERT',
    description: 'PEM file with the certificate chain for MQTT; with it, plain MQTT is off',
    kind: 'path',
    default: null,
  },
  mqttTlsKey: { key: 'ZHUJI_MQTT_TLS_KEY', description: 'PEM file with its private key', kind: 'path', default: null },
  mqttUrl: {
    key: 'ZHUJI_MQTT_URL',
    description: 'Address that new devices are told; made from host and port when absent',
    kind: 'url',
    protocols: ['mqtt:', 'mqtts:'],
    default: null,
  },
  serial: {
    key: 'ZHUJI_SERIAL',
    description:
      'Serial ports and what hangs on each, by commas: `KIND:PATH?name=…&baud=…&frame=8N1` and the parameters of the kind (devices/links/serial/README.md). A path below /dev/serial/by-id stays when others are plugged in',
    kind: 'text',
    pattern: /^.{1,8192}$/su,
    shape: 'kinds, paths and parameters, as sur-gard:/dev/ttyUSB0?name=north&baud=19200&frame=7E1',
    default: null,
  },
  dc09Host: {
    key: 'ZHUJI_DC09_HOST',
    description: 'Address where alarm panels of SIA DC-09 call, with ZHUJI_DC09_PORT',
    ...HOST,
    default: '127.0.0.1',
  },
  dc09Port: {
    key: 'ZHUJI_DC09_PORT',
    description: 'Port where alarm panels of SIA DC-09 call, over TCP and UDP. Not set: none is heard',
    ...PORT,
    unit: 'port, 0 takes a free one',
    default: null,
  },
  dc09StrictTime: {
    key: 'ZHUJI_DC09_STRICT_TIME',
    description:
      'Whether a panel whose clock is more than 20 s ahead or 40 s behind is told the time and asked to send again. Its alarm rings before that; off, it is acknowledged with a note',
    kind: 'choice',
    choices: ['on', 'off'],
    default: 'off',
  },
  databaseUrl: {
    key: 'DATABASE_URL',
    description: 'PostgreSQL or TimescaleDB server; the gateway runs its own when absent',
    kind: 'url',
    protocols: ['postgres:', 'postgresql:'],
    secret: true,
    default: null,
  },
  redisUrl: {
    key: 'REDIS_URL',
    description: 'Redis or Valkey server; the gateway runs its own when absent',
    kind: 'url',
    protocols: ['redis:', 'rediss:'],
    secret: true,
    default: null,
  },
  adminPassword: {
    key: 'ZHUJI_ADMIN_PASSWORD',
    description:
      'Password of the first user `admin`; counts at the first start only, else one is made and printed once',
    kind: 'text',
    pattern: /^.{10,256}$/su,
    shape: '10 to 256 characters',
    secret: true,
    default: null,
  },
  spoolMib: {
    key: 'ZHUJI_SPOOL_MIB',
    description:
      'How much of vital signs may wait on disk for the database; at about 50 bytes a reading, 1,024 MiB are five hours of 1,000 readings a second. Beyond it the least important are shed and counted',
    kind: 'integer',
    min: 1,
    max: 65_536,
    unit: 'MiB',
    default: 1024,
  },
  vitalsRetentionDays: {
    key: 'ZHUJI_VITALS_RETENTION_DAYS',
    description: `How long readings of vital signs are kept one by one; by the hour they are kept ${KEPT.hoursDays} days. What comes later than that is counted and not stored. Less than before lets go what is older at the next start`,
    kind: 'integer',
    min: KEPT.minReadingsDays,
    max: KEPT.hoursDays,
    unit: 'days',
    default: KEPT.readingsDays,
  },
  traceDays: {
    key: 'ZHUJI_TRACE_DAYS',
    description:
      'How long what was on the wire is kept on the disk of this gateway, as `zhuji device frames` shows it: raw frames with positions, numbers and texts. The frame of an alarm is kept with its case all the same',
    kind: 'integer',
    min: 1,
    max: 30,
    unit: 'days',
    default: 7,
  },
  traceMib: {
    key: 'ZHUJI_TRACE_MIB',
    description:
      'How much room that may take; at about 400 bytes a frame, 256 MiB are 650,000 frames. Beyond it the oldest go before their days are over; a quarter of it is for frames of nobody in the register',
    kind: 'integer',
    min: 8,
    max: 65_536,
    unit: 'MiB',
    default: 256,
  },
  countryCode: {
    key: 'ZHUJI_COUNTRY_CODE',
    description: 'Country of the telephone lines: a number that they tell without a country code is one of there',
    kind: 'text',
    pattern: /^[1-9][0-9]{0,2}$/,
    shape: 'a country code without the plus',
    default: '86',
  },
  areaCode: {
    key: 'ZHUJI_AREA_CODE',
    description:
      'Area of the telephone lines: a landline number that they tell without an area code is one of there. Not set: such a number finds nobody',
    kind: 'text',
    pattern: /^0?[1-9][0-9]{0,4}$/,
    shape: 'an area code, with or without its 0',
    default: null,
  },
  presenceS: {
    key: 'ZHUJI_PRESENCE_S',
    description:
      'How long after the last sign of life of a person (a heartbeat of any console, or anything done) their claims lapse and ring, and nobody counts on them any more; at least twice the 10 s between heartbeats',
    kind: 'integer',
    min: 2,
    max: 600,
    unit: 's',
    default: 30,
  },
  auditHeads: {
    key: 'ZHUJI_AUDIT_HEADS',
    description:
      'File on another disk to which the head of the audit chain is written too, every 10 min; `zhuji audit verify` compares',
    kind: 'path',
    default: null,
  },
  erasureList: {
    key: 'ZHUJI_ERASURES',
    description:
      'File on another disk to which it is written too who was erased (ids, no names); whoever a restored backup brings back is erased again by it',
    kind: 'path',
    default: null,
  },
  deadmanUrl: {
    key: 'ZHUJI_DEADMAN_URL',
    description:
      'Address that is called every 30 s while alarms are kept and deadlines counted; its owner rings when it is not',
    kind: 'url',
    protocols: ['http:', 'https:'],
    secret: true,
    default: null,
  },
  webhookUrl: {
    key: 'ZHUJI_WEBHOOK_URL',
    description: 'Program that calls, texts or pushes: notices for helpers and contacts are posted there, signed',
    kind: 'url',
    protocols: ['http:', 'https:'],
    secret: true,
    default: null,
  },
  webhookSecret: {
    key: 'ZHUJI_WEBHOOK_SECRET',
    description: 'Signs what is posted there, and the receipts that come back',
    kind: 'text',
    pattern: /^[\x21-\x7e]{16,256}$/,
    shape: '16 to 256 printable characters without spaces',
    secret: true,
    default: null,
  },
  keeper: {
    key: 'ZHUJI_KEEPER',
    description:
      'Whether `zhuji serve` runs the gateway as a process below it and starts it anew when it dies or stands still',
    kind: 'choice',
    choices: ['on', 'off'],
    default: 'on',
  },
  sessionH: {
    key: 'ZHUJI_SESSION_H',
    description: 'How long a log-in lasts',
    kind: 'integer',
    min: 1,
    max: 72,
    unit: 'h',
    default: 13,
  },
  logLevel: {
    key: 'ZHUJI_LOG_LEVEL',
    description: 'Least level that is logged',
    kind: 'choice',
    choices: LOG_LEVELS,
    default: 'info',
  },
  commandUrl: {
    key: 'ZHUJI_URL',
    description: 'Gateway that the `zhuji` command speaks to; else the socket in ZHUJI_DATA',
    kind: 'url',
    protocols: ['http:', 'https:'],
    command: true,
    default: null,
  },
  commandToken: {
    key: 'ZHUJI_TOKEN',
    description: 'Bearer token for ZHUJI_URL, from POST /session with "token": true',
    kind: 'text',
    pattern: /^[\x21-\x7e]{1,4096}$/,
    shape: 'a token',
    secret: true,
    command: true,
    default: null,
  },
} as const satisfies Record<string, Setting>;
