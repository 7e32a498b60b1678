import { Button } from '@mantine/core';
import { useEffect, useId, useLayoutEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import type { SagaHistory } from './history';
import { layOut, rowsBetween, TIME_WIDTH, type Layout, type Row } from './lay-out';
import { DiagramHeader, Lifelines } from './lifelines-drawing';
import { DiagramRow } from './diagram-row';
import styles from './sequence-diagram.module.css';

/** Rows outside the window are drawn as far as this, so that scrolling shows no empty space. */
const MARGIN_PX = 600;
const STEP_PX = 200;
const PAGE_ROWS = 10;
/** A reader who has scrolled this near to the end counts as at the end. */
const AT_END_PX = 24;
/** Between lifelines: as many as usual fit without scrolling to the side. */
const SPACING = { fitting: 5, least: 140, most: 240 };

interface SequenceDiagramProps {
  readonly saga: SagaHistory;
  /** The number of the selected entry. */
  readonly at?: number | undefined;
  /** Selects an entry, or none. */
  readonly onSelect: (seq: number | undefined) => void;
  /** Called with the name of a service when the head of its lifeline is pressed. */
  readonly onService?: ((name: string) => void) | undefined;
}

/**
 * The sequence diagram of a saga: who sent what to whom. The rows are a list box: up and down select an entry, Enter shows
 * each of a folded row. Only the rows near the visible ones are drawn. While the saga runs, a reader who is at the end stays
 * there.
 */
export function SequenceDiagram({ saga, at, onSelect, onService }: SequenceDiagramProps) {
  const id = useId();
  const [unfolded, setUnfolded] = useState<ReadonlySet<number>>(new Set());
  const { scroller, from, to, width, look } = useWindow();
  const spacing = Math.min(
    SPACING.most,
    Math.max(SPACING.least, Math.floor((width - TIME_WIDTH - 16) / SPACING.fitting)),
  );
  const layout = useMemo(() => layOut(saga, { unfolded, spacing }), [saga, unfolded, spacing]);
  const selected = at === undefined ? -1 : layout.rows.findIndex(({ seq, last }) => seq <= at && at <= last);
  useShown(scroller, layout.rows[selected]);
  const isRunning = saga.endedAt === undefined;
  const end = useEnd(scroller, layout.height, isRunning && at === undefined);

  const toggle = ({ seq, folded, unfoldedFrom }: Row): void => {
    end.leave();
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
    <div className={styles.frame}>
      <div
        ref={scroller}
        className={styles.scroller}
        onScroll={() => {
          look();
          end.look();
        }}
      >
        <DiagramHeader layout={layout} onService={onService} />
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
      {isRunning && end.isAway && (
        <Button
          size="xs"
          className={styles.newest}
          onClick={() => {
            onSelect(undefined);
            end.goThere();
          }}
        >
          ↓ Newest
        </Button>
      )}
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
  const [width, setWidth] = useState(1_000);
  const look = (): void => {
    const { current } = scroller;
    if (current === null) return;
    setTop(Math.floor(current.scrollTop / STEP_PX) * STEP_PX);
    setHeight(Math.ceil(current.clientHeight / STEP_PX) * STEP_PX);
    setWidth(current.clientWidth);
  };
  useEffect(() => {
    const { current } = scroller;
    if (current === null) return undefined;
    const observer = new ResizeObserver(look);
    observer.observe(current);
    return () => observer.disconnect();
  }, []);
  return { scroller, from: top - MARGIN_PX, to: top + height + MARGIN_PX, width, look };
}

/** Keeps the end in view while the rows grow, unless the reader has scrolled away from it. */
function useEnd(scroller: React.RefObject<HTMLDivElement | null>, height: number, beginsThere: boolean) {
  const stays = useRef(beginsThere);
  const [isAway, setIsAway] = useState(false);
  const isAtEnd = (): boolean => {
    const { scrollHeight = 0, scrollTop = 0, clientHeight = 0 } = scroller.current ?? {};
    return scrollHeight - scrollTop - clientHeight <= AT_END_PX;
  };
  const goThere = (): void => {
    stays.current = true;
    if (scroller.current) scroller.current.scrollTop = scroller.current.scrollHeight;
  };
  useLayoutEffect(() => {
    if (stays.current) goThere();
    setIsAway(!isAtEnd());
    // Only when the height changes: `look` handles what the reader scrolls.
  }, [height]);
  return {
    isAway,
    goThere,
    leave: (): void => {
      stays.current = false;
    },
    look: (): void => {
      stays.current = isAtEnd();
      setIsAway(!stays.current);
    },
  };
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
