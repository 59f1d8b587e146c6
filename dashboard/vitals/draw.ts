import uPlot from 'uplot';
import { placeMarks, type Mark, type PlacedMark } from './marks.ts';
import { listAlone, type Series } from './series.ts';
import type { Strip } from './strips.ts';

/** Colours of the theme, read from the page. */
export type Palette = Readonly<
  Record<'text' | 'muted' | 'line' | 'surface' | 'first' | 'second' | 'limit' | 'alarm' | 'other', string>
>;

/** What is drawn over and below the lines. */
export type Overlay = {
  readonly marks: readonly Mark[];
  readonly labelOf: (placed: PlacedMark) => string;
  /** With the metric's name where another's limits stand beside it. */
  readonly limitLabelOf: (metric: string, value: number, isShared: boolean) => string;
  readonly palette: Palette;
};

const FONT = "system-ui, 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif";

export function fontOf(px: number): string {
  return `${Math.round(px)}px ${FONT}`;
}

/** Everything below is clipped to the plot; uPlot leaves its own state in the context. */
function within(u: uPlot, draw: (ctx: CanvasRenderingContext2D, px: number) => void): void {
  const { ctx, bbox } = u;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.setLineDash([]);
  draw(ctx, uPlot.pxRatio);
  ctx.restore();
}

/** Limits: what lies beyond is tinted, the edge is dashed and has its number. Below the lines. */
export function drawLimits(u: uPlot, { limits }: Strip, { palette, limitLabelOf }: Overlay): void {
  within(u, (ctx, px) => {
    const { left, top, width, height } = u.bbox;
    ctx.strokeStyle = palette.limit;
    ctx.lineWidth = 2 * px;
    for (const [index, { metric, low, high }] of limits.entries()) {
      // Two lines in one strip: each has its words, side by side, and no tint, which would lie over the other's good values.
      const isShared = limits.length > 1;
      const labelX = left + 6 * px + (index * width) / limits.length;
      for (const [value, isLow] of [[low, true] as const, [high, false] as const]) {
        if (value === null) continue;
        const y = Math.round(u.valToPos(value, 'y', true));
        ctx.fillStyle = `${palette.alarm}1c`;
        if (!isShared) ctx.fillRect(left, isLow ? y : top, width, isLow ? top + height - y : y - top);
        ctx.setLineDash([7 * px, 4 * px]);
        ctx.beginPath();
        ctx.moveTo(left, y);
        ctx.lineTo(left + width, y);
        ctx.stroke();
        drawLabel(ctx, limitLabelOf(metric, value, isShared), labelX, y, isLow, palette);
      }
    }
  });
}

/** On the side of the limit where there always is room: towards what is well. */
function drawLabel(
  ctx: CanvasRenderingContext2D,
  label: string,
  x: number,
  y: number,
  isAbove: boolean,
  palette: Palette,
): void {
  const px = uPlot.pxRatio;
  ctx.font = fontOf(11 * px);
  const height = 13 * px;
  const top = isAbove ? y - height - 2 * px : y + 2 * px;
  ctx.fillStyle = `${palette.surface}c0`;
  ctx.fillRect(x - 2 * px, top, ctx.measureText(label).width + 4 * px, height);
  ctx.fillStyle = palette.limit;
  ctx.textAlign = 'left';
  ctx.textBaseline = 'middle';
  ctx.fillText(label, x, top + height / 2);
}

/** Points that no line reaches: from the least to the greatest, with the sign of their line. */
export function drawAlone(u: uPlot, series: Series, isSecond: boolean, { palette }: Overlay): void {
  within(u, (ctx, px) => {
    ctx.strokeStyle = ctx.fillStyle = isSecond ? palette.second : palette.first;
    ctx.lineWidth = 1.5 * px;
    const last = series.points.at(-1);
    const alone = listAlone(series);
    for (const point of last === undefined || alone.includes(last) ? alone : [...alone, last]) {
      const x = u.valToPos(point.atMs / 1000, 'x', true);
      const y = u.valToPos(point.avg, 'y', true);
      ctx.beginPath();
      ctx.moveTo(x, u.valToPos(point.min, 'y', true));
      ctx.lineTo(x, u.valToPos(point.max, 'y', true));
      ctx.stroke();
      ctx.beginPath();
      if (isSecond) ctx.rect(x - 3 * px, y - 3 * px, 6 * px, 6 * px);
      else ctx.arc(x, y, 3.2 * px, 0, 2 * Math.PI);
      ctx.fill();
    }
  });
}

/** What the sensor itself calls wrong: a cross, at the frame where it lies beyond the scale. */
export function drawFlagged(u: uPlot, { flagged }: Series, { palette }: Overlay): void {
  within(u, (ctx, px) => {
    const arm = 3 * px;
    const { top, height } = u.bbox;
    ctx.strokeStyle = palette.muted;
    ctx.lineWidth = 1.5 * px;
    for (const { atMs, min, max } of flagged) {
      const x = u.valToPos(atMs / 1000, 'x', true);
      for (const value of min === max ? [min] : [min, max]) {
        const y = Math.max(top + arm, Math.min(top + height - arm, u.valToPos(value, 'y', true)));
        ctx.beginPath();
        ctx.moveTo(x - arm, y - arm);
        ctx.lineTo(x + arm, y + arm);
        ctx.moveTo(x + arm, y - arm);
        ctx.lineTo(x - arm, y + arm);
        ctx.stroke();
      }
    }
  });
}

/** Alarms: a line through every strip; over the first one its head and its words, where there is room for them. */
export function drawMarks(u: uPlot, isTop: boolean, { marks, labelOf, palette }: Overlay): void {
  const { ctx, bbox } = u;
  const px = uPlot.pxRatio;
  const right = bbox.left + bbox.width;
  const placed = placeMarks(marks, (atMs) => Math.round(u.valToPos(atMs / 1000, 'x', true)), {
    left: bbox.left,
    right,
    nearPx: 5 * px,
  });
  ctx.save();
  ctx.font = fontOf(12 * px);
  ctx.textBaseline = 'alphabetic';
  const taken: { from: number; to: number }[] = [];
  // The own case first: its words must find room.
  for (const mark of placed.toSorted((a, b) => Number(b.isOwn) - Number(a.isOwn))) {
    const { x, isOwn } = mark;
    ctx.strokeStyle = ctx.fillStyle = isOwn ? palette.alarm : palette.other;
    ctx.lineWidth = (isOwn ? 2 : 1.25) * px;
    ctx.setLineDash(isOwn ? [] : [2 * px, 3 * px]);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    if (!isTop) continue;
    ctx.beginPath();
    ctx.moveTo(x - 5 * px, bbox.top - 8 * px);
    ctx.lineTo(x + 5 * px, bbox.top - 8 * px);
    ctx.lineTo(x, bbox.top);
    ctx.closePath();
    ctx.fill();
    const label = labelOf(mark);
    const width = ctx.measureText(label).width;
    const isLeft = x + 8 * px + width > right;
    const from = isLeft ? x - 8 * px - width : x + 8 * px;
    if (taken.some((other) => from < other.to && from + width > other.from)) continue;
    ctx.textAlign = 'left';
    ctx.fillText(label, from, bbox.top - 4 * px);
    taken.push({ from: Math.min(from, x - 6 * px), to: Math.max(from + width, x + 6 * px) });
  }
  ctx.restore();
}
