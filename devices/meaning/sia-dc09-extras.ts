import type { Dc09Message } from '../../protocols/sia-dc09/message.ts';
import { readXdata } from '../../protocols/sia-dc09/xdata.ts';
import type { Position } from '../event.ts';

/** What stands beside the events of a frame and counts for all of them. */
export type Dc09Extras = {
  /** When it happened, else when it was sent; the panel's clock. */
  readonly at?: number;
  readonly location?: Position;
  /** Text, place, room, building and site, in the frame's order. */
  readonly texts: readonly string[];
};

const TOLD: ReadonlySet<string> = new Set(['alarm-text', 'location', 'room', 'building', 'site']);

export function extrasOf({ xdata, at }: Pick<Dc09Message, 'xdata' | 'at'>): Dc09Extras {
  const texts: string[] = [];
  let happenedAt: number | undefined;
  let lat: number | undefined;
  let lon: number | undefined;
  for (const block of xdata) {
    const extra = readXdata(block);
    if (extra.name === 'time-of-occurrence') happenedAt = extra.at;
    else if (extra.name === 'latitude') lat = extra.degrees;
    else if (extra.name === 'longitude') lon = extra.degrees;
    else if ('text' in extra && TOLD.has(extra.name)) texts.push(extra.text);
  }
  const when = happenedAt ?? at;
  return {
    texts,
    ...(when === undefined ? {} : { at: when }),
    ...(lat === undefined || lon === undefined ? {} : { location: { lat, lon, datum: 'wgs84' } }),
  };
}
