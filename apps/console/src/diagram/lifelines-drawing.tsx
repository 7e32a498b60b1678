import { cut } from './cut';
import type { Layout, PlacedItem } from './lay-out';
import styles from './sequence-diagram.module.css';

const HEADER_HEIGHT = 44;
const NAME_WIDTH = 164;

const KINDS = { caller: '', orchestrator: '', service: 'service', child: 'child saga' } as const;

/** The names of the lifelines, which stay visible above the rows. */
export function DiagramHeader({ layout: { lifelines, width } }: { readonly layout: Layout }) {
  return (
    <svg
      className={styles.header}
      width={width}
      height={HEADER_HEIGHT}
      role="img"
      aria-label={participantsText(lifelines)}
    >
      {lifelines.map(({ kind, name, x }) => (
        <g key={`${kind} ${name}`}>
          <title>{name}</title>
          <text x={x} y={KINDS[kind] === '' ? 27 : 20} textAnchor="middle">
            {cut(name, NAME_WIDTH)}
          </text>
          <text x={x} y={36} textAnchor="middle" className={styles.kind}>
            {KINDS[kind]}
          </text>
        </g>
      ))}
    </svg>
  );
}

function participantsText(lifelines: Layout['lifelines']): string {
  return `Between ${lifelines.map(({ name }) => cut(name, NAME_WIDTH)).join(', ')}`;
}

interface Activation {
  readonly id: string;
  readonly x: number;
  readonly from: number;
  readonly to: number;
  readonly tone: PlacedItem['tone'];
}

/** The vertical lines, and on them the time in which a service had a command. */
export function Lifelines({
  layout,
  from,
  to,
}: {
  readonly layout: Layout;
  readonly from: number;
  readonly to: number;
}) {
  const shown = activationsOf(layout).filter((each) => each.to >= from && each.from <= to);
  return (
    <g aria-hidden>
      {layout.lifelines.map(({ kind, name, x }) => (
        <line key={`${kind} ${name}`} className={styles.lifeline} x1={x} x2={x} y1={0} y2={layout.height} />
      ))}
      {shown.map(({ id, x, from: y, to: end, tone }) => (
        <rect
          key={id}
          className={`${styles.activation} ${styles[tone]}`}
          x={x - 4}
          y={y}
          width={8}
          height={end - y}
          rx={2}
        />
      ))}
    </g>
  );
}

/** From the arrow of a command to that of its reply. */
function activationsOf({ rows, lifelines }: Layout): readonly Activation[] {
  const items = new Map(rows.flatMap((row) => row.items.map((item) => [item.id, item])));
  return [...items.values()].flatMap((reply) => {
    if (reply.kind !== 'reply' || reply.isGhost) return [];
    const x = lifelines[reply.from]?.x ?? 0;
    return reply.answers.flatMap((answered) => {
      const command = items.get(answered);
      return command ? [{ id: `${answered} ${reply.id}`, x, from: command.y, to: reply.y, tone: command.tone }] : [];
    });
  });
}
