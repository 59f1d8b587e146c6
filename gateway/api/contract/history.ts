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
