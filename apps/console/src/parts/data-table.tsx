import './data-table.css';
import { Checkbox } from '@mantine/core';
import { columnVisibilityFeature, rowSelectionFeature, tableFeatures, useTable } from '@tanstack/react-table';
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import {
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
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
const features = tableFeatures({ columnVisibilityFeature, rowSelectionFeature });

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
  const definitions = useMemo(
    () =>
      columns.map(({ id, header, cell }) => ({
        id,
        header,
        cell: ({ row }: { row: { original: Row } }) => cell(row.original),
      })),
    [columns],
  );
  const data = list.items as Row[];
  const table = useTable({
    features,
    columns: definitions,
    data,
    getRowId: rowId,
    state: { columnVisibility: chosen?.visible ?? {}, rowSelection: selected ?? {} },
    onRowSelectionChange: (change) =>
      onSelect?.((typeof change === 'function' ? change(selected ?? {}) : change) as Selected),
  });
  const { rows } = table.getRowModel();
  const shown = columns.filter(({ id }) => chosen?.visible[id] !== false);
  const selectable = onSelect !== undefined;
  const widths = {
    gridTemplateColumns: `${selectable ? '36px ' : ''}${shown.map(trackOf).join(' ')}`,
    minWidth: shown.reduce((sum, { width }) => sum + width, selectable ? 36 : 0),
  };
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
  const select = (index: number, range: boolean): void => {
    if (!onSelect) return;
    const from = range ? Math.min(anchor.current, index) : index;
    const to = range ? Math.max(anchor.current, index) : index;
    const on = range || rows[index]?.getIsSelected() !== true;
    const next: Record<string, true> = { ...selected };
    for (const row of rows.slice(from, to + 1)) {
      if (on) next[row.id] = true;
      else delete next[row.id];
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
    else if (event.key === 'Enter' && !inRow && rows[current]) onOpen?.(rows[current].original);
    else return;
    event.preventDefault();
  };
  const clicked = (event: MouseEvent<HTMLElement>, index: number): void => {
    setActive(index);
    const { target } = event;
    if (!(target instanceof Element) || target.closest('a, button, input, label')) return;
    if (window.getSelection()?.isCollapsed === false) return;
    const row = rows[index];
    if (row) onOpen?.(row.original);
  };

  if (rows.length === 0 && !list.isLoading)
    return list.error ? <ScreenError error={list.error} reset={list.retry} /> : <>{empty}</>;
  const picked = rows.filter(({ id }) => selected?.[id] === true).length;
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
                    onSelect(currentTarget.checked ? Object.fromEntries(rows.map(({ id }) => [id, true as const])) : {})
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
        <div role="rowgroup" style={{ height: Math.max(virtual.getTotalSize(), ROW_PX), position: 'relative' }}>
          {list.isLoading && <Waiting />}
          {drawn.map(({ index, start }) => {
            const row = rows[index];
            if (!row) return null;
            return (
              <div
                key={row.id}
                role="row"
                aria-rowindex={index + 2}
                aria-selected={selectable ? row.getIsSelected() : undefined}
                data-index={index}
                data-opens={onOpen !== undefined || undefined}
                tabIndex={index === current ? 0 : -1}
                style={{ ...widths, transform: `translateY(${start}px)` }}
                onClick={(event) => clicked(event, index)}
              >
                {selectable && (
                  <div role="gridcell">
                    <Checkbox
                      size="xs"
                      tabIndex={-1}
                      aria-label={`Select row ${index + 1}`}
                      checked={row.getIsSelected()}
                      onChange={() => undefined}
                      onClick={(event) => select(index, event.shiftKey)}
                    />
                  </div>
                )}
                {row.getVisibleCells().map((cell, at) => (
                  <div role="gridcell" key={cell.id} className={shown[at]?.end ? 'data-table-end' : undefined}>
                    <table.FlexRender cell={cell} />
                  </div>
                ))}
              </div>
            );
          })}
        </div>
      </div>
      <div className="data-table-foot" role="status">
        {list.error && rows.length > 0 ? (
          <ScreenError error={list.error} reset={list.retry} />
        ) : list.isLoading ? (
          'Loading …'
        ) : hasMore ? (
          `${counted(rows.length, noun, plural)} so far; more as you scroll`
        ) : (
          counted(rows.length, noun, plural)
        )}
      </div>
    </div>
  );
}

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
