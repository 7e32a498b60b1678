/*
 * Writes log lines that have a name and fields. When many lines of one kind come at once, the first are written as they
 * are, and the others are summed up in one line, so that an outage does not flood the log. Invariants:
 *
 * 1. Every line is either written or counted in the sum of its kind.
 * 2. The memory is bounded: a limited number of kinds is counted apart, and all others together.
 */
import { printable } from './dead-letter';
import { definedFields, type Log, type LogFields } from './logger';

export interface NamedLine {
  readonly level: 'log' | 'warn';
  /** The name of what happened, such as `saga-paused`: stable, for alerts. */
  readonly event: string;
  /** What lines of one kind have in common; the text shows the values. */
  readonly kind: Readonly<Record<string, string | number | undefined>>;
  /** The rest of the text. */
  readonly text: string;
  readonly fields: LogFields;
}

/** Calls the work after this time; returns how to cancel that. */
export type Schedule = (work: () => void, ms: number) => () => void;

const EVERY_MS = 10_000;
/** How many lines of a kind are written within that time before they are summed up. */
const SHOWN = 5;
const MOST_KINDS = 100;

interface Sum extends Pick<NamedLine, 'level' | 'event' | 'kind'> {
  count: number;
}

export class SummedLog {
  private readonly sums = new Map<string, Sum>();
  private cancel: (() => void) | undefined;

  constructor(
    private readonly log: Log,
    private readonly schedule: Schedule = later,
  ) {}

  write(line: NamedLine): void {
    const sum = this.sumOf(line);
    sum.count += 1;
    this.cancel ??= this.schedule(() => this.sumUp(), EVERY_MS);
    if (sum.count > SHOWN) return;
    const { level, event, kind, text, fields } = line;
    this.log[level](
      printable([event, shown(kind), text].filter(Boolean).join(': ')),
      definedFields({ event, ...kind, ...fields }),
    );
  }

  /** Writes the sums of the lines that were not written, and begins anew. It does so itself every ten seconds. */
  sumUp(): void {
    this.cancel?.();
    this.cancel = undefined;
    const seconds = EVERY_MS / 1_000;
    for (const { level, event, kind, count } of this.sums.values()) {
      if (count <= SHOWN) continue;
      const what = shown(kind) || 'of other kinds';
      this.log[level](
        printable(`${event} ×${count} in ${seconds} s: ${what}`),
        definedFields({ event, ...kind, count, seconds }),
      );
    }
    this.sums.clear();
  }

  private sumOf({ level, event, kind }: Pick<NamedLine, 'level' | 'event' | 'kind'>): Sum {
    const ofKind = this.sums.get(`${event} ${shown(kind)}`);
    if (ofKind) return ofKind;
    const isFull = this.sums.size >= MOST_KINDS;
    const key = isFull ? event : `${event} ${shown(kind)}`;
    const sum = this.sums.get(key) ?? { level, event, kind: isFull ? {} : kind, count: 0 };
    this.sums.set(key, sum);
    return sum;
  }
}

function shown(kind: NamedLine['kind']): string {
  return Object.values(kind)
    .filter((each) => each !== undefined)
    .join(', ');
}

function later(work: () => void, ms: number): () => void {
  const timer = setTimeout(work, ms).unref();
  return () => clearTimeout(timer);
}
