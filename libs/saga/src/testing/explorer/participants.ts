/*
 * All participants of a saga, as ours behave: what is done with a command is decided by the function that the real ones
 * use, on the rows that they would have found.
 */
import { CHILDREN, type CommandContract, type Rejection, type Refusal } from '../../contract';
import type { AnswerEvent, SendCommand } from '../../engine';
import { decide, type DigestedCommand } from '../../deduplication';
import type { Effects } from './effects';
import type { KeptRow, Post, Scene } from './scene';

/** What a participant may do with a command. */
export interface Behaviour {
  /** What a success may answer; one undefined for a command without reply. */
  readonly replies: readonly unknown[];
}

/** What is done with commands. */
export interface Participants {
  readonly effects: Effects;
  readonly behaviourOf: (contract: CommandContract) => Behaviour;
}

/** How the handling of a command may turn out, as far as chance and the world outside decide it. */
export type Luck =
  | { readonly kind: 'success'; readonly reply: unknown }
  | { readonly kind: 'refusal'; readonly reason: string }
  | { readonly kind: 'failure' };

/** What was done, for the story. */
export interface Handled {
  readonly scene: Scene;
  readonly what: string;
}

/** Everything that may come of handing over a command now. */
export function luckOf({ command }: SendCommand, { replies }: Behaviour): readonly Luck[] {
  return [
    ...replies.map((reply) => ({ kind: 'success' as const, reply })),
    ...command.refusals.map((reason) => ({ kind: 'refusal' as const, reason })),
    // A child saga never fails: it is completed, or it is taken back.
    ...(command.service === CHILDREN ? [] : [{ kind: 'failure' as const }]),
  ];
}

/** Hands the command at this place to its participant; undefined when that changes nothing. */
export function handOver(
  scene: Scene,
  place: number,
  luck: Luck,
  { effects }: Pick<Participants, 'effects'>,
): Handled | undefined {
  const post = scene.posts[place] as Post;
  const { command } = post;
  const undone =
    command.undoes === undefined ? -1 : scene.posts.findIndex((each) => each.command.commandId === command.undoes);
  const decision = decide(askedBy(command), post.row, scene.posts[undone]?.row, () => true);
  switch (decision.kind) {
    case 'run':
      return run(scene, place, luck, effects);
    case 'write-tombstone':
      if (luck.kind !== 'success') return undefined;
      return {
        scene: withRows(
          scene,
          [place, rowOf(command, { kind: 'success', reply: undefined })],
          [undone, tombstone(decision.undoes)],
        ),
        what: `finds that ${scene.posts[undone]?.command.command.name} never came, and will not let it in`,
      };
    case 'nothing-to-undo':
      if (luck.kind !== 'success') return undefined;
      return {
        scene: withRows(scene, [place, rowOf(command, { kind: 'success', reply: undefined })]),
        what: 'finds nothing to take back',
      };
    default:
      return undefined;
  }
}

/** Nobody gives an id of this saga to another command here, so the digest of none is kept. */
function askedBy({ commandId: id, step: sagastep, undoes, command: { type } }: SendCommand): DigestedCommand {
  return { id, type, sagaid: '', sagastep, undoes, digest: NO_DIGEST };
}

const NO_DIGEST = Buffer.alloc(0);

function run(scene: Scene, place: number, luck: Luck, all: Effects): Handled {
  const { command, effects } = scene.posts[place] as Post;
  if (luck.kind !== 'success') return { scene: withRows(scene, [place, rowOf(command, luck)]), what: inWords(luck) };
  const outcome = all.of(scene.world, command.command, command.payload);
  if (outcome.kind === 'failed') {
    const failure = { kind: 'failure', detail: outcome.detail } as const;
    return { scene: withRows(scene, [place, rowOf(command, failure)]), what: `fails: ${outcome.detail}` };
  }
  if (outcome.kind === 'refused') {
    const refusal = { kind: 'refusal', ...outcome.refusal } as const;
    return { scene: withRows(scene, [place, rowOf(command, refusal)]), what: inWords(refusal) };
  }
  const kept = withRows(scene, [place, rowOf(command, luck)]);
  const posts = kept.posts.with(place, { ...(kept.posts[place] as Post), effects: effects + 1 });
  return { scene: { ...kept, posts, world: outcome.world }, what: 'is done' };
}

type ParticipantOutcome = Luck | ({ kind: 'refusal' } & Refusal) | { kind: 'failure'; detail: string };

function inWords(luck: ParticipantOutcome): string {
  return luck.kind === 'refusal' ? `is refused: ${luck.reason}` : 'fails';
}

function withRows({ posts, ...rest }: Scene, ...rows: readonly (readonly [place: number, row: KeptRow])[]): Scene {
  const kept = [...posts];
  for (const [place, row] of rows) {
    const post = kept[place];
    if (post) kept[place] = { ...post, row };
  }
  return { ...rest, posts: kept };
}

function rowOf(command: SendCommand, outcome: ParticipantOutcome): KeptRow {
  const kept = { id: command.commandId, outcome: outcome.kind, reply: outcome.kind, digest: null };
  return { ...kept, answer: answerTo(command, outcome) };
}

function tombstone(id: string): KeptRow {
  return { id, outcome: 'tombstone', reply: null, digest: null };
}

function answerTo({ commandId, step, direction, command }: SendCommand, outcome: ParticipantOutcome): AnswerEvent {
  const answer = { commandId, step, direction, from: command.service };
  if (outcome.kind === 'success') return { kind: 'replied', ...answer, reply: outcome.reply };
  return { kind: outcome.kind === 'refusal' ? 'refused' : 'failed', ...answer, objection: rejectionOf(outcome) };
}

function rejectionOf(outcome: Exclude<ParticipantOutcome, { kind: 'success' }>): Rejection {
  return { reason: 'reason' in outcome ? outcome.reason : 'handler-threw' };
}
