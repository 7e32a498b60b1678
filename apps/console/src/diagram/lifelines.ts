import { serviceOf, type SagaHistory } from './history';

export type LifelineKind = 'caller' | 'orchestrator' | 'service' | 'child';

/** A vertical line of the diagram: who sends and receives. */
export interface Lifeline {
  readonly kind: LifelineKind;
  readonly name: string;
}

export const CALLER = 0;
export const ORCHESTRATOR = 1;

const CHILD_COMMAND = /^orchestrator\.(start|undo)-(.+)$/s;

/** Numbers the lifelines: who starts the saga, the orchestrator, then services and children in the order of first use. */
export class Lifelines {
  readonly all: Lifeline[];
  private readonly numbers = new Map<string, number>();

  constructor({ parent }: Pick<SagaHistory, 'parent'>) {
    this.all = [
      { kind: 'caller', name: parent ? 'parent saga' : 'caller' },
      { kind: 'orchestrator', name: 'orchestrator' },
    ];
  }

  /** The lifeline that receives this command: its service, or the child saga that it starts or compensates. */
  ofCommand(command: string): number {
    const child = CHILD_COMMAND.exec(command)?.[2];
    return child === undefined ? this.ofService(serviceOf(command)) : this.number('child', child);
  }

  ofService(name: string): number {
    return this.number('service', name);
  }

  private number(kind: LifelineKind, name: string): number {
    const key = `${kind} ${name}`;
    const known = this.numbers.get(key) ?? this.all.push({ kind, name }) - 1;
    this.numbers.set(key, known);
    return known;
  }
}
