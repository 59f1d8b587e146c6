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

/** Of one metric. */
type Track = { series: Series };

/** `before`: as things stood when somebody was told last. */
type News = {
  readonly deviceId: string;
  readonly metric: string;
  readonly track: Track;
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
  readonly #worn = new BoundedMap<string, Map<string, Track>>(MAX_WORN);
  readonly #held = new HeldNews<Track, News>((news) => this.#tell(news));

  constructor(alarms: Pick<RuleAlarms, 'vitals'>) {
    this.#alarms = alarms;
  }

  /** Readings of one message in the order of measuring, without any flag but that of the clock. What counts in the end is told. */
  take(readings: readonly Observation[], wearing: Wearing, directory: Pick<Directory, 'deviceAt' | 'limitsOf'>): void {
    const { residentId } = wearing;
    const own = residentId === null ? [] : directory.limitsOf(residentId).limits;
    const counted = pickOwn(readings, wearing, directory);
    if (counted.length === 0) return;
    const subject = subjectOf(wearing);
    const tracks = this.#worn.get(subject) ?? new Map<string, Track>();
    this.#worn.set(subject, tracks);
    for (const [metric, ofMetric] of groupByMetric(counted)) {
      const limits = findLimits(own, metric);
      if (limits === null) continue;
      const track = tracks.get(metric) ?? { series: EMPTY_SERIES };
      tracks.set(metric, track);
      this.#takeMetric(track, ofMetric, limits);
    }
  }

  /** Nothing of before counts any more. */
  forget(wearing: Wearing): void {
    const subject = subjectOf(wearing);
    for (const track of this.#worn.get(subject)?.values() ?? []) this.#held.drop(track);
    this.#worn.delete(subject);
  }

  stop(): void {
    this.#held.stop();
  }

  #takeMetric(track: Track, readings: readonly Observation[], limits: Limits): void {
    const newest = readings.at(-1);
    if (newest === undefined) return;
    const known = track.series;
    let verdict: Verdict | null = null;
    for (const reading of readings) {
      const taken = takeReading(track.series, reading, limits, reading.receivedAt);
      track.series = taken.series;
      verdict = taken.verdict ?? verdict;
    }
    const held = this.#held.get(track);
    verdict ??= held?.verdict ?? null;
    if (verdict === null) return;
    const { deviceId, metric, receivedAt, flags } = newest;
    const before = held?.before ?? known;
    const look = { atMs: receivedAt, isClockWrong: (flags & READING_FLAGS.clock) !== 0 };
    const news = renewNews({ deviceId, metric, track, verdict, before, limits, look });
    if (verdict.kind === 'beyond' && receivedAt - news.verdict.ts > OLD_MS) {
      this.#held.put(track, news);
      return;
    }
    this.#held.drop(track);
    // It rang and was back within one upload: nobody was told, and nothing was.
    if (verdict.kind === 'back' && before.raised === null) track.series = untell(track.series, before);
    else this.#tell(news);
  }

  #tell({ deviceId, metric, track, verdict, before, look }: News): void {
    this.#alarms.vitals(deviceId, metric, verdict, look, () => {
      if (track.series.told[verdict.side]?.ts === verdict.ts) track.series = untell(track.series, before);
    });
  }
}

/** As things stand by now. */
function renewNews(news: News): News {
  if (news.verdict.kind === 'back') return news;
  const { series, verdict } = renew(news.track.series, news.verdict, news.limits);
  news.track.series = series;
  return { ...news, verdict };
}

function groupByMetric(readings: readonly Observation[]): ReadonlyMap<string, readonly Observation[]> {
  const groups = new Map<string, Observation[]>();
  for (const reading of readings) {
    const group = groups.get(reading.metric);
    if (group === undefined) groups.set(reading.metric, [reading]);
    else group.push(reading);
  }
  return groups;
}

function subjectOf({ residentId, deviceKey }: Wearing): string {
  return `${deviceKey} ${residentId ?? ''}`;
}

/** A reading of before the device was handed on tells of somebody else than the case would name. */
function pickOwn(
  readings: readonly Observation[],
  { binding }: Wearing,
  directory: Pick<Directory, 'deviceAt'>,
): readonly Observation[] {
  // What is measured together has one time.
  let lookedTs: number | null = null;
  let isOwn = false;
  return readings.filter(({ deviceId, ts, receivedAt }) => {
    if (ts !== lookedTs) isOwn = (directory.deviceAt(deviceId, ts)?.binding ?? 1) === binding;
    lookedTs = ts;
    return isOwn && receivedAt - ts <= TOO_OLD_MS;
  });
}
