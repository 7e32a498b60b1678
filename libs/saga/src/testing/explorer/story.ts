/* A history that was found, told to a person. */
import type { SendCommand } from '../../engine';
import { go, opening, type Explored, type Move, type Went } from './moves';
import type { Scene } from './scene';

/** One line of a story: when, what happened, and what the saga sent because of it. */
export interface Line {
  readonly at: number;
  readonly what: string;
  readonly sends: readonly SendCommand[];
}

export interface Retold {
  readonly lines: readonly string[];
  readonly last: Scene;
}

/** Goes the same way again, and says on each step what happens. */
export function retell(world: unknown, startedAt: number, moves: readonly Move[], explored: Explored): Retold {
  const begun = opening(world, startedAt, explored);
  let last = begun.scene;
  const lines: Line[] = [{ at: last.now, what: 'the saga starts', sends: sendsOf(begun) }];
  for (const move of moves) {
    const went = go(last, move, explored);
    if (went === undefined) break;
    lines.push({ at: went.scene.now, what: inWords(move, last, went), sends: sendsOf(went) });
    last = went.scene;
  }
  return { lines: lines.map((line) => write(line, startedAt)), last };
}

export function write({ at, what, sends }: Line, startedAt: number): string {
  const seconds = `${(at - startedAt) / 1_000} s`;
  const sent = sends.map(({ command, again }) => (again ? `${command.name} again` : command.name));
  return `  ${seconds.padStart(8)}  ${what}${sent.length > 0 ? ` → ${sent.join(', ')}` : ''}`;
}

export function sendsOf({ turn }: Went): readonly SendCommand[] {
  return turn?.sends ?? [];
}

export function inWords(move: Move, { posts, saga }: Scene, { what }: Went): string {
  switch (move.kind) {
    case 'start':
      return 'the start of the saga arrives again';
    case 'hand over':
      return `${nameOf(posts, move.place)} ${what ?? ''}`;
    case 'answer':
      return `the ${posts[move.place]?.row?.outcome ?? ''} of ${nameOf(posts, move.place)} arrives`;
    case 'signal':
      return `the signal ${move.signal} comes: ${JSON.stringify(move.payload)}`;
    case 'operate':
      return `an operator's ${move.action}`;
    case 'resolve':
      return `an operator says that ${nameOf(posts, move.place)} was a ${posts[move.place]?.row?.outcome ?? ''}`;
    case 'skip':
      return `an operator leaves ${move.step} as it is`;
    case 'hold':
      return `${move.service} is away, and its commands are held`;
    case 'release':
      return `${move.service} is back${move.told ? '' : ', and nobody tells the saga'}`;
    case 'probe':
      return `${move.step} is probed`;
    default:
      return saga.status === 'PAUSED' ? 'time passes, while the saga is paused' : 'time passes';
  }
}

/** The attempt is named only where there was more than one. */
function nameOf(posts: Scene['posts'], place: number): string {
  const { command, attempt } = (posts[place] as Scene['posts'][number]).command;
  return attempt === 1 ? command.name : `${command.name} (attempt ${attempt})`;
}
