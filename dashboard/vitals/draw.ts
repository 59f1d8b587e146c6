import uPlot from 'uplot';
import { placeLabels } from './mark-labels.ts';
import { placeMarks, type Mark, type PlacedMark } from './marks.ts';
import { listAlone, listCrosses, type Series } from './series.ts';
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
export function drawFlagged(u: uPlot, series: Series, { palette }: Overlay): void {
  within(u, (ctx, px) => {
    const arm = 3 * px;
    const { top, height } = u.bbox;
    ctx.strokeStyle = palette.muted;
    ctx.lineWidth = 1.5 * px;
    for (const { atMs, min, max } of listCrosses(series)) {
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

/** Lines of others' cases, when they are few and when they are many: the readings must be seen between them. Chosen. */
const FEW_MARKS = 12;
const LINE_ALPHA = { few: 'b0', many: '50' } as const;

/**
 * Alarms: a line through every strip; over the first one its head and its words, where there is room for them. What was minor
 * has a small head alone.
 */
export function drawMarks(u: uPlot, isTop: boolean, { marks, labelOf, palette }: Overlay): void {
  const { ctx, bbox } = u;
  const px = uPlot.pxRatio;
  const right = bbox.left + bbox.width;
  const placed = placeMarks(marks, (atMs) => Math.round(u.valToPos(atMs / 1000, 'x', true)), {
    left: bbox.left,
    right,
    nearPx: 5 * px,
  });
  const alpha = placed.filter(({ isMinor }) => !isMinor).length > FEW_MARKS ? LINE_ALPHA.many : LINE_ALPHA.few;
  ctx.save();
  // The own case last: nothing lies over it.
  for (const { x, isOwn, isMinor } of placed.toSorted((a, b) => Number(a.isOwn) - Number(b.isOwn))) {
    if (!isMinor) {
      ctx.strokeStyle = isOwn ? palette.alarm : `${palette.other}${alpha}`;
      ctx.lineWidth = (isOwn ? 2 : 1.25) * px;
      ctx.setLineDash(isOwn ? [] : [2 * px, 3 * px]);
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
    }
    if (isTop) drawHead(ctx, x, bbox.top, (isMinor ? 3 : 5) * px, colorOf({ isOwn, isMinor }, palette));
  }
  if (isTop) {
    ctx.font = fontOf(12 * px);
    ctx.textBaseline = 'alphabetic';
    ctx.textAlign = 'left';
    const words = (mark: PlacedMark) => ({ text: labelOf(mark), width: ctx.measureText(labelOf(mark)).width });
    const room = { left: bbox.left, right, headPx: 7 * px, gapPx: 8 * px };
    for (const { mark, row, from, text } of placeLabels(placed, words, room)) {
      ctx.fillStyle = colorOf(mark, palette);
      ctx.fillText(text, from, bbox.top - (row === 0 ? 2 : 15) * px);
    }
  }
  ctx.restore();
}

function colorOf({ isOwn, isMinor }: Pick<PlacedMark, 'isOwn' | 'isMinor'>, palette: Palette): string {
  return isOwn ? palette.alarm : isMinor ? palette.muted : palette.other;
}

/** A triangle whose point is at the frame. */
function drawHead(ctx: CanvasRenderingContext2D, x: number, y: number, half: number, color: string): void {
  ctx.fillStyle = color;
  ctx.beginPath();
  ctx.moveTo(x - half, y - 1.6 * half);
  ctx.lineTo(x + half, y - 1.6 * half);
  ctx.lineTo(x, y);
  ctx.closePath();
  ctx.fill();
}
