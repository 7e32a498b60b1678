import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import type { SagaHistory } from './history';
import { layOut, rowsBetween, type Layout, type Row } from './lay-out';
import { DiagramHeader, Lifelines } from './lifelines-drawing';
import { DiagramRow } from './diagram-row';
import styles from './sequence-diagram.module.css';

/** Rows outside the window are drawn as far as this, so that scrolling shows no empty space. */
const MARGIN_PX = 600;
const STEP_PX = 200;
const PAGE_ROWS = 10;

interface SequenceDiagramProps {
  readonly saga: SagaHistory;
  /** The number of the selected entry. */
  readonly at?: number | undefined;
  readonly onSelect: (seq: number) => void;
}

/**
 * The sequence diagram of a saga: who sent what to whom. The rows are a list box: up and down select an entry, Enter shows
 * each of a folded row. Only the rows near the visible ones are drawn.
 */
export function SequenceDiagram({ saga, at, onSelect }: SequenceDiagramProps) {
  const id = useId();
  const [unfolded, setUnfolded] = useState<ReadonlySet<number>>(new Set());
  const layout = useMemo(() => layOut(saga, { unfolded }), [saga, unfolded]);
  const { scroller, from, to, look } = useWindow();
  const selected = at === undefined ? -1 : layout.rows.findIndex(({ seq, last }) => seq <= at && at <= last);
  useShown(scroller, layout.rows[selected]);

  const toggle = ({ seq, folded, unfoldedFrom }: Row): void => {
    if (folded !== undefined) setUnfolded(new Set([...unfolded, seq]));
    else setUnfolded(new Set([...unfolded].filter((each) => each !== unfoldedFrom)));
  };
  const press = (event: KeyboardEvent): void => {
    const row = layout.rows[selected];
    if ((event.key === 'Enter' || event.key === ' ') && row) toggle(row);
    else {
      const next = layout.rows[moved(event.key, selected, layout.rows.length) ?? -1];
      if (next === undefined) return;
      onSelect(next.last);
    }
    event.preventDefault();
  };

  return (
    <div ref={scroller} className={styles.scroller} onScroll={look}>
      <DiagramHeader layout={layout} />
      <svg
        className={styles.rows}
        width={layout.width}
        height={layout.height}
        role="listbox"
        tabIndex={0}
        aria-label="What happened, entry by entry"
        aria-activedescendant={selected < 0 ? undefined : `${id}-${selected}`}
        onKeyDown={press}
      >
        <Lifelines layout={layout} from={from} to={to} />
        {visible(layout, from, to).map(({ row, n }) => (
          <DiagramRow
            key={row.seq}
            id={`${id}-${n}`}
            layout={layout}
            row={row}
            n={n}
            isSelected={n === selected}
            isLater={selected >= 0 && n > selected}
            onSelect={onSelect}
            onToggle={toggle}
          />
        ))}
      </svg>
    </div>
  );
}

function visible({ rows }: Layout, from: number, to: number): readonly { readonly row: Row; readonly n: number }[] {
  const shown = rowsBetween(rows, from, to);
  const first = shown[0] === undefined ? 0 : rows.indexOf(shown[0]);
  return shown.map((row, n) => ({ row, n: first + n }));
}

/** The row to which a key goes. */
function moved(key: string, from: number, count: number): number | undefined {
  const last = count - 1;
  switch (key) {
    case 'ArrowDown':
      return Math.min(last, from + 1);
    case 'ArrowUp':
      return Math.max(0, from - 1);
    case 'PageDown':
      return Math.min(last, from + PAGE_ROWS);
    case 'PageUp':
      return Math.max(0, from - PAGE_ROWS);
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return undefined;
  }
}

/** The part of the diagram to draw, in steps, so that not every pixel of scrolling draws it anew. */
function useWindow() {
  const scroller = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const [height, setHeight] = useState(1_000);
  const look = (): void => {
    const { current } = scroller;
    if (current === null) return;
    setTop(Math.floor(current.scrollTop / STEP_PX) * STEP_PX);
    setHeight(Math.ceil(current.clientHeight / STEP_PX) * STEP_PX);
  };
  useEffect(() => {
    const { current } = scroller;
    if (current === null) return undefined;
    const observer = new ResizeObserver(look);
    observer.observe(current);
    return () => observer.disconnect();
  }, []);
  return { scroller, from: top - MARGIN_PX, to: top + height + MARGIN_PX, look };
}

/** Scrolls to a row when it is selected. */
function useShown(scroller: React.RefObject<HTMLDivElement | null>, row: Row | undefined): void {
  const [y, height] = [row?.y, row?.height];
  useEffect(() => {
    const { current } = scroller;
    if (current === null || y === undefined || height === undefined) return;
    const header = current.querySelector('svg')?.clientHeight ?? 0;
    if (y < current.scrollTop) current.scrollTop = y;
    else if (y + height + header > current.scrollTop + current.clientHeight)
      current.scrollTop = y + height + header - current.clientHeight;
  }, [scroller, y, height]);
}
