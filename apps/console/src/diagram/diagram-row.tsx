import { memo } from 'react';
import { durationText } from '../parts/duration-text';
import { TIME_WIDTH, type Gap, type Layout, type PlacedItem, type Row } from './lay-out';
import { rowText, titleOf } from './row-text';
import styles from './sequence-diagram.module.css';

const HEAD_PX = 7;
const ZIGZAG_PX = 8;

interface DiagramRowProps {
  readonly id: string;
  readonly layout: Layout;
  readonly row: Row;
  readonly n: number;
  readonly isSelected: boolean;
  /** It comes after the selected one. */
  readonly isLater: boolean;
  readonly onSelect: (seq: number) => void;
  readonly onToggle: (row: Row) => void;
}

/** One entry of the history, or a run of them: the gap before it, its time, arrows and notes. */
export const DiagramRow = memo(function DiagramRow(props: DiagramRowProps) {
  const { id, layout, row, n, isSelected, isLater, onSelect, onToggle } = props;
  const start = Date.parse(layout.rows[0]?.at ?? row.at);
  const top = row.y + (row.gap?.height ?? 0);
  const classes = [styles.row, isSelected ? styles.selected : '', isLater ? styles.later : '']
    .filter(Boolean)
    .join(' ');
  return (
    <>
      {row.gap && <GapDrawing gap={row.gap} width={layout.width} />}
      <g
        id={id}
        role="option"
        aria-selected={isSelected}
        aria-setsize={layout.rows.length}
        aria-posinset={n + 1}
        className={classes}
        onClick={() => onSelect(row.last)}
        onDoubleClick={() => onToggle(row)}
      >
        {/* Its accessible name, which says more than there is room for. */}
        <title>{rowText(row, start, layout.lifelines)}</title>
        <rect
          className={styles.background}
          x={1}
          y={top + 1}
          width={layout.width - 2}
          height={row.height + row.y - top - 2}
        />
        <text x={8} y={(row.items[0]?.y ?? top) - 4} className={styles.time}>
          <title>{row.at}</title>
          {`+${durationText(Date.parse(row.at) - start)}`}
        </text>
        {row.items.map((item) => (
          <ItemDrawing key={item.id} item={item} lifelines={layout.lifelines} />
        ))}
        {(row.folded ?? row.unfoldedFrom) !== undefined && <FoldSign row={row} onToggle={onToggle} />}
      </g>
    </>
  );
});

/** Enter does the same, so that the pointer alone needs the sign. */
function FoldSign({ row, onToggle }: { readonly row: Row; readonly onToggle: (row: Row) => void }) {
  return (
    <text
      x={TIME_WIDTH - 16}
      y={(row.items[0]?.y ?? row.y) - 4}
      className={styles.time}
      onClick={(event) => {
        event.stopPropagation();
        onToggle(row);
      }}
    >
      <title>{row.folded === undefined ? 'Fold' : 'Show each'}</title>
      {row.folded === undefined ? '▾' : '▸'}
    </text>
  );
}

function ItemDrawing({ item, lifelines }: { readonly item: PlacedItem; readonly lifelines: Layout['lifelines'] }) {
  const { box, text, tone } = item;
  const isGhost = item.kind !== 'note' && item.isGhost;
  return (
    <g className={`${styles[tone]} ${isGhost ? styles.ghost : ''}`} data-kind={item.kind} data-tone={tone}>
      <title>{titleOf(item)}</title>
      {item.kind === 'note' ? (
        <rect className={styles.pill} {...box} rx={box.height / 2} />
      ) : (
        <>
          <ArrowLine item={item} from={lifelines[item.from]?.x ?? 0} to={lifelines[item.to]?.x ?? 0} />
          <rect className={styles.label} {...box} />
        </>
      )}
      <text x={box.x + box.width / 2} y={box.y + box.height - 5} textAnchor="middle">
        {text}
      </text>
    </g>
  );
}

function ArrowLine({
  item,
  from,
  to,
}: {
  readonly item: Extract<PlacedItem, { readonly isDashed: boolean }>;
  readonly from: number;
  readonly to: number;
}) {
  const { y, isDashed } = item;
  const back = to > from ? -HEAD_PX : HEAD_PX;
  const head = `M ${to + back} ${y - 5} L ${to} ${y} L ${to + back} ${y + 5}`;
  return (
    <>
      <line className={`${styles.line} ${isDashed ? styles.dashed : ''}`} x1={from} x2={to} y1={y} y2={y} />
      <path className={`${styles.head} ${isDashed ? styles.open : ''}`} d={isDashed ? head : `${head} Z`} />
    </>
  );
}

function GapDrawing({ gap, width }: { readonly gap: Gap; readonly width: number }) {
  const middle = gap.y + gap.height / 2;
  return (
    <g className={styles.gap} aria-hidden>
      {gap.isBreak && <path className={styles.break} d={zigzag(middle, width)} />}
      {gap.label !== undefined && (
        <text x={8} y={middle + 4}>
          {`⋮ ${gap.label}`}
        </text>
      )}
    </g>
  );
}

/** Says that the time is not to scale. */
function zigzag(y: number, width: number): string {
  const points: string[] = [];
  for (let x = TIME_WIDTH; x < width; x += ZIGZAG_PX) points.push(`${x} ${y + (points.length % 2 === 0 ? -3 : 3)}`);
  return `M ${points.join(' L ')}`;
}
