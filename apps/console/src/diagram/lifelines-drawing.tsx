import { useMemo } from 'react';
import { cut, widthOf } from './cut';
import type { Layout, PlacedItem, PlacedLifeline } from './lay-out';
import styles from './sequence-diagram.module.css';

const HEADER_HEIGHT = 44;
const NAME_WIDTH = 136;

const KINDS = { caller: '', orchestrator: '', service: 'service', child: 'child saga' } as const;

interface DiagramHeaderProps {
  readonly layout: Layout;
  /** When given, the names of services are buttons that call it. */
  readonly onService?: ((name: string) => void) | undefined;
}

/** The names of the lifelines, which stay visible above the rows. */
export function DiagramHeader({ layout: { lifelines, width }, onService }: DiagramHeaderProps) {
  return (
    <svg
      className={styles.header}
      width={width}
      height={HEADER_HEIGHT}
      role="group"
      aria-label={participantsText(lifelines)}
    >
      {lifelines.map((lifeline) =>
        onService && lifeline.kind === 'service' ? (
          <ServiceButton key={`service ${lifeline.name}`} lifeline={lifeline} onService={onService} />
        ) : (
          <g key={`${lifeline.kind} ${lifeline.name}`}>
            <LifelineName lifeline={lifeline} />
          </g>
        ),
      )}
    </svg>
  );
}

interface LifelineNameProps {
  readonly lifeline: PlacedLifeline;
  /** @default the whole name */
  readonly title?: string;
}

function LifelineName({ lifeline: { kind, name, x }, title = name }: LifelineNameProps) {
  return (
    <>
      <title>{title}</title>
      <text x={x} y={KINDS[kind] === '' ? 27 : 20} textAnchor="middle">
        {cut(name, NAME_WIDTH)}
      </text>
      <text x={x} y={36} textAnchor="middle" className={styles.kind}>
        {KINDS[kind]}
      </text>
    </>
  );
}

interface ServiceButtonProps {
  readonly lifeline: PlacedLifeline;
  readonly onService: (name: string) => void;
}

function ServiceButton({ lifeline, onService }: ServiceButtonProps) {
  const { name, x } = lifeline;
  return (
    <g
      role="button"
      tabIndex={0}
      className={styles.service}
      onClick={() => onService(name)}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        onService(name);
      }}
    >
      <rect x={x - NAME_WIDTH / 2} y={2} width={NAME_WIDTH} height={HEADER_HEIGHT - 4} rx={4} />
      <LifelineName lifeline={lifeline} title={`Break ${name}`} />
      <text x={x + Math.min(NAME_WIDTH, widthOf(name) + 24) / 2 - 6} y={20} textAnchor="middle" aria-hidden>
        ⚡
      </text>
    </g>
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
  const activations = useMemo(() => activationsOf(layout), [layout]);
  const shown = activations.filter((each) => each.to >= from && each.from <= to);
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
