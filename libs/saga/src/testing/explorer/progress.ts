/** The progress of an exploration. */
export interface ExplorationProgress {
  readonly saga: string;
  /** `shortest`: the shortest histories first; `disturbances`: those with the fewest first; `walks`: random. */
  readonly phase: 'shortest' | 'disturbances' | 'walks';
  readonly states: number;
  /** The number at which this phase stops. */
  readonly maxStates: number;
  readonly walks: number;
}

const STATES = 1_000;
const WALKS = 100;
const EVERY_MS = 2_000;

/** Reports every thousand states and every hundred walks. */
export class Progress {
  private next = STATES;

  constructor(
    private readonly saga: string,
    private readonly applyEvent: (progress: ExplorationProgress) => void,
  ) {}

  searched(phase: 'shortest' | 'disturbances', states: number, maxStates: number): void {
    if (states < STATES) this.next = STATES;
    if (states < this.next) return;
    this.next = states + STATES;
    this.applyEvent({ saga: this.saga, phase, states, maxStates, walks: 0 });
  }

  walked(states: number, walks: number): void {
    if (walks % WALKS === 0) this.applyEvent({ saga: this.saga, phase: 'walks', states, maxStates: states, walks });
  }
}

/** Writes a line to stderr every two seconds, the first after two. */
export function lineEveryTwoSeconds(
  now: () => number = Date.now,
  writeLine: (line: string) => unknown = (line) => process.stderr.write(line),
): (progress: ExplorationProgress) => void {
  const begun = now();
  let next = begun + EVERY_MS;
  return ({ saga, phase, states, maxStates, walks }) => {
    if (now() < next) return;
    next = now() + EVERY_MS;
    const far = phase === 'walks' ? `${states} states, ${walks} walks` : `${states} of at most ${maxStates} states`;
    writeLine(`Exploring ${saga}: ${far}, ${Math.round((now() - begun) / 1_000)} s\n`);
  };
}
