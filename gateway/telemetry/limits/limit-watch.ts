import { READING_FLAGS } from '../../../devices/reading.ts';
import type { Directory } from '../../registry/directory.ts';
import type { Observation } from '../observation.ts';
import { BoundedMap } from './bounded-map.ts';
import { findLimits, type Limits } from './effective-limits.ts';
import { HeldNews, OLD_MS } from './held-news.ts';
import type { RuleAlarms } from './rule-alarms.ts';
import { EMPTY_SERIES, renew, takeReading, untell, type Series, type Verdict } from './series.ts';

/** Whose readings stand together, and how they were bound when they came in. */
export type Wearing = {
  readonly deviceId: string;
  /** The device with its present wearer, as in the open-index of incidents. */
  readonly deviceKey: string;
  readonly binding: number;
  /** Null where nobody or more than one person wears it. */
  readonly residentId: string | null;
};

/** `before`: as things stood when somebody was told last. */
type News = {
  readonly deviceId: string;
  readonly metric: string;
  readonly metrics: Map<string, Series>;
  readonly verdict: Verdict;
  readonly before: Series;
  readonly limits: Limits;
  readonly look: Parameters<RuleAlarms['vitals']>[3];
};

/** Twice the wearables that one gateway is built for (issue 4); the longest silent begins anew. Chosen. */
const MAX_WORN = 20_000;
/** What is older when it arrives tells nothing of how the person is; it is kept and drawn. Chosen. */
const TOO_OLD_MS = 24 * 60 * 60_000;

/** Holds the readings of each person against what is well for them, device by device. In memory alone: a start begins anew. */
export class LimitWatch {
  readonly #alarms: Pick<RuleAlarms, 'vitals'>;
  /** By device and person, then by metric. Two devices of a person may contradict each other, and one may be another's. */
  readonly #worn = new BoundedMap<string, Map<string, Series>>(MAX_WORN);
  readonly #held = new HeldNews<News>((news) => this.#tell(news));

  constructor(alarms: Pick<RuleAlarms, 'vitals'>) {
    this.#alarms = alarms;
  }

  /** Readings of one message in the order of measuring, without any flag but that of the clock. What counts in the end is told. */
  take(readings: readonly Observation[], wearing: Wearing, directory: Pick<Directory, 'deviceAt' | 'limitsOf'>): void {
    const { residentId } = wearing;
    const own = residentId === null ? [] : directory.limitsOf(residentId).limits;
    const counted = readings.filter((reading) => counts(reading, wearing, directory));
    if (counted.length === 0) return;
    const subject = subjectOf(wearing);
    const metrics = this.#worn.get(subject) ?? new Map<string, Series>();
    this.#worn.set(subject, metrics);
    for (const [metric, ofMetric] of Map.groupBy(counted, (reading) => reading.metric)) {
      const limits = findLimits(own, metric);
      if (limits !== null) this.#takeMetric(`${subject} ${metric}`, metrics, ofMetric, limits);
    }
  }

  /** Nothing of before counts any more. */
  forget(wearing: Wearing): void {
    const subject = subjectOf(wearing);
    for (const metric of this.#worn.get(subject)?.keys() ?? []) this.#held.drop(`${subject} ${metric}`);
    this.#worn.delete(subject);
  }

  stop(): void {
    this.#held.stop();
  }

  #takeMetric(key: string, metrics: Map<string, Series>, readings: readonly Observation[], limits: Limits): void {
    const newest = readings.at(-1);
    if (newest === undefined) return;
    const { deviceId, metric, receivedAt, flags } = newest;
    const known = metrics.get(metric) ?? EMPTY_SERIES;
    let series = known;
    let verdict: Verdict | null = null;
    for (const reading of readings) {
      const taken = takeReading(series, reading, limits, reading.receivedAt);
      series = taken.series;
      verdict = taken.verdict ?? verdict;
    }
    metrics.set(metric, series);
    const held = this.#held.get(key);
    verdict ??= held?.verdict ?? null;
    if (verdict === null) return;
    const before = held?.before ?? known;
    const look = { atMs: receivedAt, isClockWrong: (flags & READING_FLAGS.clock) !== 0 };
    const news = renewNews({ deviceId, metric, metrics, verdict, before, limits, look });
    if (verdict.kind === 'beyond' && receivedAt - news.verdict.ts > OLD_MS) {
      this.#held.put(key, news);
      return;
    }
    this.#held.drop(key);
    // It rang and was back within one upload: nobody was told, and nothing was.
    if (verdict.kind === 'back' && before.raised === null) metrics.set(metric, untell(series, before));
    else this.#tell(news);
  }

  #tell({ deviceId, metric, metrics, verdict, before, look }: News): void {
    this.#alarms.vitals(deviceId, metric, verdict, look, () => {
      const now = metrics.get(metric) ?? EMPTY_SERIES;
      if (now.told[verdict.side]?.ts === verdict.ts) metrics.set(metric, untell(now, before));
    });
  }
}

/** As things stand by now. */
function renewNews(news: News): News {
  if (news.verdict.kind === 'back') return news;
  const { series, verdict } = renew(news.metrics.get(news.metric) ?? EMPTY_SERIES, news.verdict, news.limits);
  news.metrics.set(news.metric, series);
  return { ...news, verdict };
}

function subjectOf({ residentId, deviceKey }: Wearing): string {
  return `${deviceKey} ${residentId ?? ''}`;
}

/** A reading of before the device was handed on tells of somebody else than the case would name. */
function counts(
  { deviceId, ts, receivedAt }: Observation,
  { binding }: Wearing,
  directory: Pick<Directory, 'deviceAt'>,
): boolean {
  return receivedAt - ts <= TOO_OLD_MS && (directory.deviceAt(deviceId, ts)?.binding ?? 1) === binding;
}
