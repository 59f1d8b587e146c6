import uPlot from 'uplot';
import { drawAlone, drawFlagged, drawLimits, drawMarks, fontOf, type Overlay } from './draw.ts';
import { formatTicks, formatValue, type Locale } from './format.ts';
import { decimalsOf } from './metrics.ts';
import { joinSeries } from './series.ts';
import type { Bounds } from './span.ts';
import type { Strip } from './strips.ts';

export type PlotOptions = {
  readonly strip: Strip;
  readonly bounds: Bounds;
  readonly overlay: Overlay;
  readonly locale: Locale;
  readonly width: number;
  readonly height: number;
  /** Strips of one chart move their cursors together. */
  readonly syncKey: string;
  readonly isTop: boolean;
  readonly isBottom: boolean;
  readonly onZoom: (bounds: Bounds) => void;
  /** What lies under the cursor, epoch milliseconds; null when it leaves. */
  readonly onHover: (atMs: number | null) => void;
};

/** The same on every strip, so that one moment stands below the other. CSS pixels. */
const AXIS_WIDTH = 52;
/** Half of a date that stands below the end. */
const RIGHT_WIDTH = 28;
export const TIME_AXIS_HEIGHT = 44;
/** Two rows of words over the heads of alarms. */
export const LABEL_HEIGHT = 28;

/** Room behind the end, so that what happens now does not stand on the frame (chosen). */
function calcEnd({ fromMs, toMs }: Bounds): number {
  return toMs + (toMs - fromMs) * 0.012;
}

/** Steps of a scale that the shown digits can say: 92.5 would be written 93. */
function listSteps(metric: string): number[] {
  const digits = decimalsOf(metric) ?? 2;
  const powers = Array.from({ length: 8 + digits }, (_, index) => 10 ** (index - digits));
  return powers.flatMap((power) => [1, 2, 5].map((step) => Number((step * power).toFixed(digits))));
}

/** Draws one strip into `host`. End it with `destroy()`. */
export function drawStrip(host: HTMLElement, options: PlotOptions): uPlot {
  const { strip, bounds, overlay, locale, isTop, isBottom } = options;
  const { palette } = overlay;
  const { xs, lines } = joinSeries(strip.series);
  const tick = { stroke: palette.line, width: 1 };
  const axis = { stroke: palette.muted, grid: tick, ticks: tick, font: fontOf(12) };
  const colorOf = (index: number): string => (index === 0 ? palette.first : palette.second);
  const first = strip.series[0]?.metric ?? '';
  const plot = new uPlot(
    {
      width: options.width,
      height: options.height,
      padding: [isTop ? LABEL_HEIGHT : 4, RIGHT_WIDTH, 4, 0],
      legend: { show: false },
      cursor: {
        y: false,
        points: { show: false },
        drag: { x: true, y: false, setScale: false, dist: 8 },
        sync: { key: options.syncKey },
      },
      scales: {
        x: { time: true, auto: false, range: [bounds.fromMs / 1000, calcEnd(bounds) / 1000] },
        y: { auto: false, range: [strip.range.min, strip.range.max] },
      },
      axes: [
        {
          ...axis,
          show: true,
          size: isBottom ? TIME_AXIS_HEIGHT : 0,
          space: 76,
          values: isBottom ? (_u, ticks, _axis, _space, step) => formatTicks(ticks, step, locale) : () => [],
        },
        {
          ...axis,
          size: AXIS_WIDTH,
          space: 20,
          incrs: listSteps(first),
          values: (_u, ticks) => ticks.map((value) => formatValue(first, value, locale)),
        },
      ],
      series: [
        {},
        ...strip.series.flatMap((_, index) => {
          const edge = { scale: 'y', width: 0, points: { show: false }, spanGaps: false };
          const line = {
            ...edge,
            stroke: colorOf(index),
            width: 2,
            ...(index === 0 ? {} : { dash: [7, 4] }),
          };
          return [line, edge, edge];
        }),
      ],
      bands: strip.series.map((_, index) => ({
        series: [3 * index + 3, 3 * index + 2] as [number, number],
        fill: `${colorOf(index)}40`,
      })),
      hooks: {
        drawAxes: [(u) => drawLimits(u, strip, overlay)],
        draw: [
          (u) => {
            strip.series.forEach((series, index) => {
              drawAlone(u, series, index > 0, overlay);
              drawFlagged(u, series, overlay);
            });
            drawMarks(u, isTop, overlay);
          },
        ],
        setSelect: [
          (u) => {
            const { left, width } = u.select;
            if (width < 8) return;
            options.onZoom({ fromMs: u.posToVal(left, 'x') * 1000, toMs: u.posToVal(left + width, 'x') * 1000 });
          },
        ],
        setCursor: [
          (u) => {
            const left = u.cursor.left ?? -1;
            options.onHover(left < 0 ? null : u.posToVal(left, 'x') * 1000);
          },
        ],
      },
    },
    [[...xs], ...lines.flatMap(({ avg, min, max }) => [[...avg], [...min], [...max]])],
    host,
  );
  return plot;
}
