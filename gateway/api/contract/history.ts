import { Type, type Static } from 'typebox';
import { IsoTime, nullable } from './primitives.ts';

const Seq = Type.Integer({ minimum: 0, description: 'Number of an entry of the audit chain' });

/** What verification finds; the codes are explained in gateway/history/check-links.ts. */
const AuditFault = Type.Object({
  code: Type.String({
    description: 'gap, changed, unlinked, cut-tail, recomputed, row-…, …-changed, erased-without-trace',
  }),
  seq: nullable(Seq),
  detail: Type.String(),
});
export type AuditFault = Static<typeof AuditFault>;

/** One erasure as the chain tells it. */
const AuditErasure = Type.Object({
  seq: Seq,
  residentId: Type.String(),
  at: IsoTime,
  by: Type.String(),
  ground: Type.String(),
});

/** A piece of the chain, verified. */
export const AuditPage = Type.Object(
  {
    checked: Type.Integer({ minimum: 0 }),
    next: nullable(Type.Integer({ description: '`after` of the next piece; null at the end of the chain' })),
    faults: Type.Array(AuditFault),
    erasures: Type.Array(AuditErasure),
    headsCompared: Type.Integer({ minimum: 0, description: 'Heads written elsewhere that were compared' }),
    head: Type.Object({ seq: Seq, hash: Type.String({ description: 'SHA-256, hexadecimal' }) }),
  },
  { $id: 'AuditPage' },
);
export type AuditPage = Static<typeof AuditPage>;

export const ResidentErase = Type.Object(
  {
    ground: Type.String({
      minLength: 1,
      maxLength: 200,
      pattern: '\\S',
      description: 'Law or request, without names: it stays in the audit chain for ever',
    }),
    dryRun: Type.Optional(Type.Boolean({ description: 'Only tell what would be erased' })),
  },
  { additionalProperties: false },
);
export type ResidentErase = Static<typeof ResidentErase>;

const Count = Type.Integer({ minimum: 0 });

export const ResidentErased = Type.Object(
  {
    residentId: Type.String(),
    dryRun: Type.Boolean(),
    erasedAt: nullable(IsoTime),
    by: Type.String(),
    ground: Type.String(),
    isDone: Type.Boolean({
      description: 'False: something is still to follow, Redis or many readings, which it does by itself',
    }),
    counts: Type.Object({
      incidents: Count,
      frames: Count,
      texts: Count,
      contacts: Count,
      notes: Count,
      homes: Count,
      devices: Count,
      numbers: Type.Integer({ minimum: 0, description: 'Telephone numbers of their devices' }),
      readings: nullable(
        Type.Integer({
          minimum: 0,
          description:
            'Vital signs. Null: being deleted, and counted meanwhile; or a dry run, which does not count them',
        }),
      ),
    }),
  },
  { $id: 'ResidentErased' },
);
export type ResidentErased = Static<typeof ResidentErased>;

export const DeviceContact = Type.Object({
  at: IsoTime,
  kind: Type.String({
    description: 'connected, disconnected, refused, dropped, heard, missed-heartbeat, heard-again or shed',
  }),
  gatewayId: Type.String(),
  data: Type.Record(Type.String(), Type.Unknown()),
});
export type DeviceContact = Static<typeof DeviceContact>;

const DownSpan = Type.Object({ gatewayId: Type.String(), from: IsoTime, until: IsoTime });
const DegradedMinute = Type.Object({
  gatewayId: Type.String(),
  minute: IsoTime,
  faults: Type.Array(Type.String()),
  latenessMs: Type.Integer(),
});

/** Whether the gateways were there in a span of time, by their records of each minute. */
export const GatewayTimes = Type.Object({
  gateways: Type.Array(Type.String()),
  down: Type.Array(DownSpan, { description: 'Minutes of which a gateway does not say that it was up' }),
  degraded: Type.Array(DegradedMinute),
});
export type GatewayTimes = Static<typeof GatewayTimes>;

/** A device over a span of time: what came of it, and what did not. */
export const DeviceContacts = Type.Object(
  {
    deviceId: Type.String(),
    from: IsoTime,
    to: IsoTime,
    before: nullable(DeviceContact),
    items: Type.Array(DeviceContact),
    isCut: Type.Boolean({ description: 'There is more than is shown; ask for a shorter span' }),
    after: nullable(DeviceContact),
    gateways: GatewayTimes,
    incidents: Type.Array(
      Type.Object({ id: Type.String(), type: Type.String(), openedAt: IsoTime, state: Type.String() }),
    ),
  },
  { $id: 'DeviceContacts' },
);
export type DeviceContacts = Static<typeof DeviceContacts>;

const CaseAlarm = Type.Object({
  id: Type.String(),
  deviceId: nullable(Type.String()),
  receivedAt: IsoTime,
  kind: nullable(Type.String()),
  type: nullable(Type.String()),
  standing: nullable(Type.String()),
  raw: nullable(Type.String({ description: 'The frame as received, base64; null when it was erased' })),
});

const CaseStep = Type.Object({
  seq: Seq,
  at: IsoTime,
  type: Type.String(),
  actor: Type.String(),
  data: Type.Record(Type.String(), Type.Unknown()),
});
export type CaseStep = Static<typeof CaseStep>;

/** "We pressed and nobody came": all that is known of one case. */
export const CaseFile = Type.Object(
  {
    id: Type.String(),
    type: Type.String(),
    priority: Type.Integer(),
    state: Type.String(),
    region: nullable(Type.String()),
    residentId: nullable(Type.String()),
    deviceId: nullable(Type.String()),
    openedAt: IsoTime,
    closedAt: nullable(IsoTime),
    answer: Type.Object({
      receivedAt: nullable(IsoTime),
      claimedAt: nullable(IsoTime),
      claimMs: nullable(Type.Integer()),
      answeredAt: nullable(IsoTime),
      answerMs: nullable(
        Type.Integer({ description: 'From `received` to the first voice or recorded attempt to reach the person' }),
      ),
      by: nullable(Type.String({ description: 'voice, call or contact' })),
    }),
    alarms: Type.Array(CaseAlarm),
    seen: Type.Array(CaseStep, { description: 'When each console received, painted and sounded it' }),
    notifications: Type.Array(CaseStep, { description: 'Attempts to reach people, and receipts' }),
    steps: Type.Array(CaseStep),
    isCut: Type.Boolean({ description: 'There are more steps than are shown' }),
    device: nullable(DeviceContacts),
    gateways: GatewayTimes,
    erased: nullable(Type.Object({ at: IsoTime, by: Type.String(), ground: Type.String() })),
    chain: Type.Object({ ok: Type.Boolean(), checked: Type.Integer(), faults: Type.Array(AuditFault) }),
  },
  { $id: 'CaseFile' },
);
export type CaseFile = Static<typeof CaseFile>;
