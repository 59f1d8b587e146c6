import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSay } from '../console/word.ts';
import { formatPeriod, formatValue, formatWhen, type Locale } from './format.ts';
import { formatLimit, standOf, type Limit } from './limits.ts';
import type { Mark } from './marks.ts';
import type { Series } from './series.ts';
import type { Bounds } from './span.ts';
import { planTable, type Cell, type TableRow } from './table.ts';

type ReadingsTableProps = {
  readonly series: readonly Series[];
  readonly limits: readonly Limit[];
  readonly marks: readonly Mark[];
  readonly bounds: Bounds;
  readonly locale: Locale;
  readonly nowMs: number;
};

/** All that the picture shows, for whoever does not see it or wants the numbers. Made only when it is opened. */
export function ReadingsTable(props: ReadingsTableProps) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  return (
    <details className="readings" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t('vitals.table.show')}</summary>
      {isOpen && <Table {...props} />}
    </details>
  );
}

function Table({ series, limits, marks, bounds, locale, nowMs }: ReadingsTableProps) {
  const { t } = useTranslation();
  const say = useSay();
  const when = (atMs: number): string => formatWhen(atMs, nowMs, locale);
  const rows = planTable(series, limits, marks, bounds, -new Date(bounds.toMs).getTimezoneOffset() * 60_000);
  const hasFlagged = series.some(({ flagged }) => flagged.length > 0);
  const names = series.map(({ metric }) => say(`words.metric.${metric}`, {}, metric));
  return (
    <div className="scroller" tabIndex={0} role="region" aria-label={t('vitals.table.show')}>
      <table>
        <caption>
          {t('vitals.table.caption', { name: names.join(' · '), from: when(bounds.fromMs), to: when(bounds.toMs) })}
        </caption>
        <thead>
          <tr>
            <th scope="col">{t('vitals.table.time')}</th>
            {series.map(({ metric, unit }, index) => (
              <th key={metric} scope="col">
                {unit === null
                  ? names[index]
                  : t('vitals.table.column', { metric: names[index], unit: say(`words.unit.${unit}`, {}, unit) })}
              </th>
            ))}
            {hasFlagged && <th scope="col">{t('vitals.table.flagged')}</th>}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row
              key={keyOf(row)}
              row={row}
              series={series}
              limits={limits}
              hasFlagged={hasFlagged}
              locale={locale}
              nowMs={nowMs}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function keyOf(row: TableRow): string {
  if (row.kind === 'alarm') return `alarm ${row.mark.id}`;
  return row.kind === 'readings' ? `readings ${row.fromMs}` : row.kind;
}

type RowProps = Pick<ReadingsTableProps, 'series' | 'limits' | 'locale' | 'nowMs'> & {
  readonly row: TableRow;
  readonly hasFlagged: boolean;
};

function Row({ row, series, limits, hasFlagged, locale, nowMs }: RowProps) {
  const { t } = useTranslation();
  const say = useSay();
  const format = (metric: string, value: number): string => formatValue(metric, value, locale);
  const width = series.length + (hasFlagged ? 1 : 0);
  switch (row.kind) {
    case 'limits':
      return (
        <tr data-kind="limits">
          <th scope="row">{t('vitals.table.limits')}</th>
          {row.limits.map((limit, index) => (
            <td key={series[index]?.metric}>
              {(limit === null ? null : formatLimit(limit, format)) ?? t('vitals.table.none')}
            </td>
          ))}
          {hasFlagged && <td />}
        </tr>
      );
    case 'alarm': {
      const type = say(`words.type.${row.mark.type}`, {}, row.mark.type);
      return (
        <tr data-kind="alarm">
          <th scope="row">{formatWhen(row.mark.atMs, nowMs, locale)}</th>
          <td colSpan={width}>
            ▼ {row.mark.isOwn ? t('vitals.table.alarmOwn', { type }) : t('vitals.table.alarm', { type })}
          </td>
        </tr>
      );
    }
    case 'more-alarms':
      return (
        <tr>
          <td colSpan={width + 1}>{t('vitals.table.more', { count: row.count })}</td>
        </tr>
      );
    case 'readings':
      return (
        <tr data-kind="readings">
          <th scope="row">{formatPeriod(row.fromMs, row.toMs, nowMs, locale)}</th>
          {row.cells.map((cell, index) => {
            const metric = series[index]?.metric ?? '';
            const limit = limits.find((one) => one.metric === metric);
            return (
              <td key={metric} data-beyond={isBeyond(cell, limit)}>
                <CellWords cell={cell} limit={limit} format={(value) => format(metric, value)} />
              </td>
            );
          })}
          {hasFlagged && <td>{row.flagged > 0 && `✕ ${row.flagged}`}</td>}
        </tr>
      );
  }
}

function isBeyond(cell: Cell, limit: Limit | undefined): boolean {
  return cell !== null && (standOf(cell.min, limit) !== 'within' || standOf(cell.max, limit) !== 'within');
}

type CellWordsProps = {
  readonly cell: Cell;
  readonly limit: Limit | undefined;
  readonly format: (value: number) => string;
};

/** An empty field says so: a reader that names nothing leaves open whether it was skipped. */
function CellWords({ cell, limit, format }: CellWordsProps) {
  const { t } = useTranslation();
  if (cell === null) return <span className="muted">{t('vitals.table.empty')}</span>;
  const [avg, min, max] = [format(cell.avg), format(cell.min), format(cell.max)];
  return (
    <>
      {min === max ? avg : t('vitals.table.cell', { avg, min, max })}
      {standOf(cell.min, limit) === 'low' && ` ▼ ${t('vitals.low')}`}
      {standOf(cell.max, limit) === 'high' && ` ▲ ${t('vitals.high')}`}
    </>
  );
}
