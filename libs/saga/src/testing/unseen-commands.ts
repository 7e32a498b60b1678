import type { SendCommand } from '../engine';

/** Commands of one stage and direction that were sent in a row; they may be expected in any order. */
export type CommandGroup = readonly SendCommand[];

/** The commands of a saga, and which of them the test has seen. */
export class UnseenCommands {
  private readonly sent: SendCommand[] = [];
  private unseen: SendCommand[] = [];

  constructor(private readonly stageOf: (step: string) => number) {}

  add(sends: readonly SendCommand[]): void {
    this.sent.push(...sends);
    this.unseen.push(...sends);
  }

  /** The commands since the last expectation, in the order of the stages. */
  take(): readonly CommandGroup[] {
    const taken = this.unseen;
    this.unseen = [];
    const groups: SendCommand[][] = [];
    for (const command of taken) {
      const last = groups.at(-1);
      if (last?.[0] && this.areTogether(last[0], command)) last.push(command);
      else groups.push([command]);
    }
    return groups;
  }

  see(commandId: string): void {
    this.unseen = this.unseen.filter((command) => command.commandId !== commandId);
  }

  first(isMeant: (command: SendCommand) => boolean): SendCommand | undefined {
    return this.sent.find(isMeant);
  }

  /** All commands so far, one per line. */
  describe(): string {
    if (this.sent.length === 0) return 'No command was sent so far.';
    const lines = this.sent.map(
      ({ command, step, direction, again }) =>
        `  ${command.name} (${step}, ${direction}${again ? ', sent again' : ''})`,
    );
    return ['All commands so far:', ...lines].join('\n');
  }

  private areTogether(one: SendCommand, other: SendCommand): boolean {
    return one.direction === other.direction && this.stageOf(one.step) === this.stageOf(other.step);
  }
}

/**
 * Says what differs between these commands and the expected ones, where each group must come next, in any order;
 * undefined when nothing does.
 */
export function unexpectedIn(
  groups: readonly CommandGroup[],
  expected: readonly { readonly name: string }[],
): string | undefined {
  let left = [...expected];
  for (const group of groups) {
    const next = left.slice(0, group.length);
    const later = left.slice(group.length);
    for (const { command } of group) {
      const place = next.indexOf(command);
      if (place >= 0) next.splice(place, 1);
      else if (later.includes(command)) return `${command.name} was sent before ${namesOf(next)}`;
      else return `${command.name} was sent, and not expected`;
    }
    left = later;
  }
  return left.length > 0 ? `${namesOf(left)} was not sent` : undefined;
}

function namesOf(commands: readonly { readonly name: string }[]): string {
  return commands.map(({ name }) => name).join(', ');
}
