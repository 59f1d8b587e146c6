import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { nullable } from '../api/contract/primitives.ts';

/** What differed in version 1: a device held its home and place itself, and bindings were pairs without a time. */
const RowsV1 = Compile(
  Type.Object({
    devices: Type.Array(
      Type.Object({ id: Type.String(), homeId: nullable(Type.String()), place: nullable(Type.String()) }),
    ),
    bindings: Type.Array(Type.Object({ deviceId: Type.String(), residentId: Type.String() })),
  }),
);

/**
 * Rows of an older snapshot in today's form: a gateway that was brought up to date while Postgres is away still knows
 * people and devices. What it cannot read it gives back as it is, for the caller to judge. Pure.
 */
export function upgradeRows(rows: unknown, version: number): unknown {
  if (version > 1 || !RowsV1.Check(rows)) return rows;
  return {
    ...rows,
    bindings: rows.devices.map(({ id, homeId, place }) => ({
      deviceId: id,
      number: 1,
      homeId,
      place,
      residentIds: rows.bindings.filter(({ deviceId }) => deviceId === id).map(({ residentId }) => residentId),
      from: 0,
      until: null,
    })),
    statuses: [],
  };
}
