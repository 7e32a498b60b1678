import './data-table.css';
import { Checkbox } from '@mantine/core';
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import {
  memo,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type CSSProperties,
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
} from 'react';
import type { ChosenColumns, Column } from './columns';
import type { PagedList } from './paged';
import { ScreenError } from './screen-error';
import { counted } from './texts';

const ROW_PX = 36;
/** How many rows before the end the next page is asked for. */
const AHEAD = 30;

/** Which rows are selected, by their ids. */
export type Selected = Readonly<Record<string, true>>;

export interface DataTableProps<Row> {
  /** What the rows are, for screen readers and the last line: `saga`. */
  readonly noun: string;
  readonly plural?: string;
  readonly columns: readonly Column<Row>[];
  /** Which columns are shown. @default all */
  readonly chosen?: ChosenColumns;
  readonly list: PagedList<Row>;
  readonly rowId: (row: Row) => string;
  /** Opens a row: by a click, or by Enter. */
  readonly onOpen?: (row: Row) => void;
  readonly selected?: Selected;
  readonly onSelect?: (selected: Selected) => void;
  /** Shown when there are no rows. */
  readonly empty: ReactNode;
}

/**
 * A list of any length: it draws the rows that are in view, and reads further pages while one scrolls. Arrows, Page Up and
 * Down, Home and End move; Enter opens; Space selects, with Shift a range.
 */
export function DataTable<Row extends object>(props: DataTableProps<Row>) {
  const { noun, plural = `${noun}s`, columns, chosen, list, rowId, onOpen, selected, onSelect, empty } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(0);
  const anchor = useRef(0);
  const following = useRef(false);
  const rows = list.items;
  const selectable = onSelect !== undefined;
  const shownIds = columns.flatMap(({ id }) => (chosen?.visible[id] === false ? [] : [id])).join(' ');
  // Rows that stay in view are not drawn again while one scrolls, so what they get must stay the same.
  const shown = useMemo(() => {
    const ids = shownIds.split(' ');
    return columns.filter(({ id }) => ids.includes(id));
  }, [columns, shownIds]);
  const widths = useMemo(
    () => ({
      gridTemplateColumns: `${selectable ? '36px ' : ''}${shown.map(trackOf).join(' ')}`,
      minWidth: shown.reduce((sum, { width }) => sum + width, selectable ? 36 : 0),
    }),
    [shown, selectable],
  );
  const current = Math.min(active, Math.max(rows.length - 1, 0));
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    scrollPaddingStart: ROW_PX,
    overscan: 8,
    // The row that has the focus stays, so that scrolling does not lose it.
    rangeExtractor: (range) => {
      const drawn = defaultRangeExtractor(range);
      if (drawn.includes(current) || rows.length === 0) return drawn;
      return [...drawn, current].toSorted((a, b) => a - b);
    },
  });
  const drawn = virtual.getVirtualItems();
  const { range } = virtual;
  const lastInView = range?.endIndex ?? 0;
  const { loadMore, hasMore } = list;
  useEffect(() => {
    if (hasMore && lastInView >= rows.length - AHEAD) loadMore();
  });
  useLayoutEffect(() => {
    if (!following.current) return;
    following.current = false;
    scroller.current?.querySelector<HTMLElement>(`[data-index="${current}"]`)?.focus({ preventScroll: true });
  });

  const goTo = (index: number): void => {
    const next = Math.max(0, Math.min(index, rows.length - 1));
    following.current = true;
    setActive(next);
    virtual.scrollToIndex(next);
  };
  const isSelected = (row: Row): boolean => selected?.[rowId(row)] === true;
  const select = (index: number, range: boolean): void => {
    if (!onSelect) return;
    const from = range ? Math.min(anchor.current, index) : index;
    const to = range ? Math.max(anchor.current, index) : index;
    const on = range || !(rows[index] && isSelected(rows[index]));
    const next: Record<string, true> = { ...selected };
    for (const row of rows.slice(from, to + 1)) {
      if (on) next[rowId(row)] = true;
      else delete next[rowId(row)];
    }
    if (!range) anchor.current = index;
    onSelect(next);
  };
  const keyed = (event: KeyboardEvent<HTMLElement>): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const inRow = event.target !== event.currentTarget && !(event.target as HTMLElement).matches('[role="row"]');
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / ROW_PX) - 2);
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: current + 1,
      ArrowUp: current - 1,
      PageDown: current + page,
      PageUp: current - page,
      Home: 0,
      End: rows.length - 1,
    };
    const to = moves[event.key];
    if (to !== undefined) {
      goTo(to);
      if (event.shiftKey) select(Math.max(0, Math.min(to, rows.length - 1)), true);
    } else if (event.key === ' ' && !inRow && selectable) select(current, event.shiftKey);
    else if (event.key === 'Enter' && !inRow && rows[current]) onOpen?.(rows[current]);
    else return;
    event.preventDefault();
  };
  const clicked = ({ target, shiftKey }: MouseEvent<HTMLElement>): void => {
    if (!(target instanceof Element)) return;
    const index = Number(target.closest('[role=row]')?.getAttribute('data-index') ?? Number.NaN);
    const row = rows[index];
    if (!row) return;
    setActive(index);
    if (target.closest('input')) return select(index, shiftKey);
    if (target.closest('a, button, label') || window.getSelection()?.isCollapsed === false) return;
    onOpen?.(row);
  };

  if (rows.length === 0 && !list.isLoading)
    return list.error ? <ScreenError error={list.error} reset={list.retry} /> : <>{empty}</>;
  const picked = rows.filter(isSelected).length;
  return (
    <div className="data-table" ref={scroller}>
      <div
        role="grid"
        aria-label={plural}
        aria-rowcount={hasMore || list.isLoading ? -1 : rows.length + 1}
        aria-colcount={shown.length + (selectable ? 1 : 0)}
        aria-multiselectable={selectable || undefined}
        aria-busy={list.isLoading}
        style={{ minWidth: widths.minWidth }}
        onKeyDown={keyed}
      >
        <div role="rowgroup" className="data-table-head">
          <div role="row" aria-rowindex={1} style={widths}>
            {selectable && (
              <div role="columnheader" aria-label="Selection">
                <Checkbox
                  size="xs"
                  aria-label={`Select the ${plural} shown`}
                  checked={picked > 0 && picked === rows.length}
                  indeterminate={picked > 0 && picked < rows.length}
                  onChange={({ currentTarget }) =>
                    onSelect(
                      currentTarget.checked ? Object.fromEntries(rows.map((row) => [rowId(row), true as const])) : {},
                    )
                  }
                />
              </div>
            )}
            {shown.map(({ id, header, end }) => (
              <div role="columnheader" key={id} className={end ? 'data-table-end' : undefined}>
                {header}
              </div>
            ))}
          </div>
        </div>
        <div
          role="rowgroup"
          onClick={clicked}
          style={{ height: Math.max(virtual.getTotalSize(), ROW_PX), position: 'relative' }}
        >
          {list.isLoading && <Waiting />}
          {drawn.map(({ index, start }) => {
            const row = rows[index];
            if (!row) return null;
            return (
              <DataRow
                key={rowId(row)}
                row={row}
                index={index}
                start={start}
                columns={shown}
                widths={widths}
                isCurrent={index === current}
                isSelected={selectable ? isSelected(row) : undefined}
                opens={onOpen !== undefined}
              />
            );
          })}
        </div>
      </div>
      <div className="data-table-foot" role="status">
        {list.error && rows.length > 0 ? (
          <ScreenError error={list.error} reset={list.retry} />
        ) : list.isLoading ? null : hasMore ? (
          `${counted(rows.length, noun, plural)} so far; more as you scroll`
        ) : (
          counted(rows.length, noun, plural)
        )}
      </div>
    </div>
  );
}

interface DataRowProps<Row> {
  readonly row: Row;
  readonly index: number;
  /** Its place from the top, in pixels. */
  readonly start: number;
  readonly columns: readonly Column<Row>[];
  readonly widths: CSSProperties;
  /** Whether it has the focus when the list has it. */
  readonly isCurrent: boolean;
  /** Undefined when rows cannot be selected. */
  readonly isSelected: boolean | undefined;
  readonly opens: boolean;
}

/** A row. Its clicks are those of the list, and its checkbox is the browser's, so that many rows are drawn soon. */
const DataRow = memo(function DataRow<Row>(props: DataRowProps<Row>) {
  const { row, index, start, columns, widths, isCurrent, isSelected, opens } = props;
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      data-index={index}
      data-opens={opens || undefined}
      tabIndex={isCurrent ? 0 : -1}
      style={{ ...widths, transform: `translateY(${start}px)` }}
    >
      {isSelected !== undefined && (
        <div role="gridcell">
          <input type="checkbox" tabIndex={-1} aria-label={`Select row ${index + 1}`} checked={isSelected} readOnly />
        </div>
      )}
      {columns.map(({ id, cell, end }) => (
        <div role="gridcell" key={id} className={end ? 'data-table-end' : undefined}>
          {cell(row)}
        </div>
      ))}
    </div>
  );
}) as <Row>(props: DataRowProps<Row>) => ReactNode;

/** Rows that are not there yet. */
function Waiting() {
  return (
    <div role="row" className="data-table-waiting">
      <div role="gridcell">
        <span>Loading …</span>
      </div>
    </div>
  );
}

function trackOf({ width, grows }: { readonly width: number; readonly grows?: number }): string {
  return grows === undefined ? `${width}px` : `minmax(${width}px, ${grows}fr)`;
}
