import type { Pool } from 'pg';
import type { GatewayTimes } from '../api/contract/history.ts';
import { formatIso } from '../clock.ts';
import { queryRows } from '../store/postgres.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** A minute that was seen for less is one in which the gateway started, stopped or stood still. Chosen. */
const WHOLE_S = 55;
/** The record of a minute comes when it is over and was carried on. */
const SETTLED_MS = 2 * MINUTE_MS;
/** So many degraded minutes are shown. */
const SHOWN = 500;

export type Span = { readonly fromMs: number; readonly toMs: number };

export type KnownMinute = {
  readonly gatewayId: string;
  readonly minuteMs: number;
  readonly upS: number;
  readonly degraded: boolean;
  readonly latenessMs: number;
  readonly faults: readonly string[];
};

/** Which minutes of a span each gateway does not answer for, joined to spans, and in which it was degraded. Pure. */
export function calcGatewayTimes(
  span: Span,
  gateways: readonly string[],
  minutes: readonly KnownMinute[],
): GatewayTimes {
  const upS = new Map<string, number>();
  for (const { gatewayId, minuteMs, upS: seconds } of minutes) {
    const key = `${gatewayId} ${minuteMs}`;
    upS.set(key, (upS.get(key) ?? 0) + seconds);
  }
  const down: { gatewayId: string; from: number; until: number }[] = [];
  for (const gatewayId of gateways) {
    for (let at = Math.floor(span.fromMs / MINUTE_MS) * MINUTE_MS; at + MINUTE_MS <= span.toMs; at += MINUTE_MS) {
      if ((upS.get(`${gatewayId} ${at}`) ?? 0) >= WHOLE_S) continue;
      const last = down.at(-1);
      if (last?.gatewayId === gatewayId && last.until === at) last.until = at + MINUTE_MS;
      else down.push({ gatewayId, from: at, until: at + MINUTE_MS });
    }
  }
  return {
    gateways: [...gateways],
    down: down.map(({ gatewayId, from, until }) => ({ gatewayId, from: formatIso(from), until: formatIso(until) })),
    degraded: minutes
      .filter(({ degraded, minuteMs }) => degraded && minuteMs >= span.fromMs - MINUTE_MS && minuteMs <= span.toMs)
      .slice(0, SHOWN)
      .map(({ gatewayId, minuteMs, faults, latenessMs }) => ({
        gatewayId,
        minute: formatIso(minuteMs),
        faults: [...faults],
        latenessMs,
      })),
  };
}

/** As the tables tell it; gateways are those that told of any minute within a day of the span. @throws StoreError */
export async function loadGatewayTimes(pool: Pool, span: Span, nowMs: number): Promise<GatewayTimes> {
  const known = await queryRows<{ id: string }>(
    pool,
    'read gateways',
    'select distinct gateway_id as id from gateway_minutes where minute >= $1 and minute <= $2 order by 1',
    [formatIso(span.fromMs - DAY_MS), formatIso(span.toMs + DAY_MS)],
  );
  const minutes = await queryRows<KnownMinute>(
    pool,
    'read minutes',
    `select gateway_id as "gatewayId", (extract(epoch from minute) * 1000)::float8 as "minuteMs", up_s as "upS",
       is_degraded as degraded, lateness_ms as "latenessMs", faults
     from gateway_minutes where minute >= $1 and minute <= $2 order by minute, gateway_id`,
    [formatIso(span.fromMs - MINUTE_MS), formatIso(span.toMs)],
  );
  const settled = { fromMs: span.fromMs, toMs: Math.min(span.toMs, nowMs - SETTLED_MS) };
  return calcGatewayTimes(
    settled,
    known.map(({ id }) => id),
    minutes,
  );
}
