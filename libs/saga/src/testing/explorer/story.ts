/* Writes an explored history as text. */
import type { SendCommand } from '../../engine';
import { go, opening, type Explored, type Move, type MoveResult } from './moves';
import type { Scene } from './scene';

/** A line of a story: when, what happened, and what the saga then sent. */
export interface Line {
  readonly at: number;
  readonly what: string;
  readonly sends: readonly SendCommand[];
}

export interface WrittenStory {
  readonly lines: readonly string[];
  readonly last: Scene;
}

/** Makes the moves again and describes each. */
export function writeStory(
  world: unknown,
  startedAt: number,
  moves: readonly Move[],
  explored: Explored,
): WrittenStory {
  const begun = opening(world, startedAt, explored);
  let last = begun.scene;
  const lines: Line[] = [{ at: last.now, what: 'the saga starts', sends: sendsOf(begun) }];
  for (const move of moves) {
    const result = go(last, move, explored);
    if (result === undefined) break;
    lines.push({ at: result.scene.now, what: describeMove(move, last, result), sends: sendsOf(result) });
    last = result.scene;
  }
  return { lines: lines.map((line) => writeLine(line, startedAt)), last };
}

export function writeLine({ at, what, sends }: Line, startedAt: number): string {
  const seconds = `${(at - startedAt) / 1_000} s`;
  const sent = sends.map(({ command, again }) => (again ? `${command.name} again` : command.name));
  return `  ${seconds.padStart(8)}  ${what}${sent.length > 0 ? ` → ${sent.join(', ')}` : ''}`;
}

export function sendsOf({ applied }: MoveResult): readonly SendCommand[] {
  return applied?.sends ?? [];
}

export function describeMove(move: Move, { messages, saga }: Scene, { what }: MoveResult): string {
  switch (move.kind) {
    case 'start':
      return 'the start of the saga arrives again';
    case 'handle':
      return `${nameOf(messages, move.place)} ${what ?? ''}`;
    case 'answer':
      return `the ${messages[move.place]?.row?.outcome ?? ''} of ${nameOf(messages, move.place)} arrives`;
    case 'signal':
      return `the signal ${move.signal} arrives: ${JSON.stringify(move.payload)}`;
    case 'operate':
      return `an operator's ${move.action}`;
    case 'resolve':
      return `an operator resolves ${nameOf(messages, move.place)} as a ${messages[move.place]?.row?.outcome ?? ''}`;
    case 'skip':
      return `an operator skips the compensation of ${move.step}`;
    case 'hold':
      return `${move.service} is away, and its commands are held`;
    case 'release':
      return `${move.service} is back${move.notified ? '' : '; the saga is not released'}`;
    case 'probe':
      return `${move.step} is probed`;
    default:
      return saga.status === 'PAUSED' ? 'time passes, while the saga is paused' : 'time passes';
  }
}

/** Names the attempt only if it is not the first. */
function nameOf(messages: Scene['messages'], place: number): string {
  const { command, attempt } = (messages[place] as Scene['messages'][number]).command;
  return attempt === 1 ? command.name : `${command.name} (attempt ${attempt})`;
}
