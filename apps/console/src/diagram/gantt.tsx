import { useElementSize } from '@mantine/hooks';
import { useMemo, useState } from 'react';
import { durationText } from '../parts/duration-text';
import { cut } from './cut';
import { GANTT_ROW_HEIGHT, layOutGantt, type GanttBar, type GanttRow } from './lay-out-gantt';
import type { HistoryEntry } from './history';
import { stepSign } from './step-signs';
import styles from './gantt.module.css';

const NAME_WIDTH = 150;
const STATUS_WIDTH = 150;
const AXIS_HEIGHT = 24;
const LEAST_WIDTH = 160;

interface GanttProps {
  readonly history: readonly HistoryEntry[];
  /** The end of the saga, or now. */
  readonly until: number;
}

/** The steps as bars over time; long waits are drawn shorter than they were. */
export function Gantt({ history, until }: GanttProps) {
  const { ref, width } = useElementSize<HTMLDivElement>();
  const [unfolded, setUnfolded] = useState<ReadonlySet<string>>(new Set());
  const room = Math.max(LEAST_WIDTH, width - NAME_WIDTH - STATUS_WIDTH - 16);
  const { rows, ticks, height } = useMemo(
    () => layOutGantt(history, { width: room, until, unfolded }),
    [history, room, until, unfolded],
  );
  const toggle = (name: string): void => {
    const others = [...unfolded].filter((each) => each !== name);
    setUnfolded(new Set(unfolded.has(name) ? others : [...others, name]));
  };
  return (
    <div ref={ref} className={styles.scroller}>
      <svg
        width={NAME_WIDTH + room + STATUS_WIDTH}
        height={AXIS_HEIGHT + height}
        className={styles.chart}
        role="list"
        aria-label="The steps over time"
      >
        <g aria-hidden className={styles.axis}>
          {ticks.map(({ x, label }) => (
            <g key={label} transform={`translate(${NAME_WIDTH + x})`}>
              <line y1={AXIS_HEIGHT - 6} y2={AXIS_HEIGHT + height} />
              <text y={14}>{label}</text>
            </g>
          ))}
        </g>
        <g transform={`translate(0 ${AXIS_HEIGHT})`}>
          {rows.map((row) => (
            <GanttStep key={row.name} row={row} room={room} onToggle={toggle} />
          ))}
        </g>
      </svg>
    </div>
  );
}

interface GanttStepProps {
  readonly row: GanttRow;
  readonly room: number;
  readonly onToggle: (forEach: string) => void;
}

function GanttStep({ row, room, onToggle }: GanttStepProps) {
  const { name, y, bars, status, branches, branchOf } = row;
  const forEach = branches > 1 ? name : branchOf;
  const label = branches > 1 ? `▸ ${name} ×${branches}` : branchOf === undefined ? name : `▾ ${name}`;
  const what = bars.map((bar) => barText(bar)).join(', then ');
  const text = (
    <text x={0} y={19}>
      {cut(label, NAME_WIDTH - 8)}
    </text>
  );
  return (
    <g
      role="listitem"
      transform={`translate(0 ${y})`}
      aria-label={`${name}: ${status.toLowerCase()}${what && `; ${what}`}`}
    >
      <title>{name}</title>
      {forEach === undefined ? (
        text
      ) : (
        <Toggle onToggle={() => onToggle(forEach)} isFolded={branches > 1} label={text} />
      )}
      {bars.map((bar) => (
        <rect
          key={`${bar.x} ${bar.what}`}
          className={`${styles.bar} ${styles[bar.tone]} ${bar.isWaiting ? styles.waiting : ''}`}
          x={NAME_WIDTH + bar.x}
          y={6}
          width={bar.width}
          height={GANTT_ROW_HEIGHT - 12}
          rx={3}
        >
          <title>{barText(bar)}</title>
        </rect>
      ))}
      <text x={NAME_WIDTH + room + 12} y={19} style={{ color: branches > 1 ? undefined : stepSign(status).color }}>
        <title>{status}</title>
        {cut(
          `${branches > 1 ? '' : stepSign(status).sign} ${status.toLowerCase().replaceAll('_', ' ')}`,
          STATUS_WIDTH - 12,
        )}
      </text>
    </g>
  );
}

interface ToggleProps {
  readonly onToggle: () => void;
  readonly isFolded: boolean;
  readonly label: React.ReactNode;
}

function Toggle({ onToggle, isFolded, label }: ToggleProps) {
  return (
    <g
      role="button"
      tabIndex={0}
      className={styles.toggle}
      aria-label={isFolded ? 'Show each branch' : 'Show the branches as one'}
      onClick={onToggle}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        onToggle();
      }}
    >
      {label}
    </g>
  );
}

function barText({ what, ms }: GanttBar): string {
  return `${what} for ${durationText(ms)}`;
}
