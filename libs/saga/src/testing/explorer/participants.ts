/*
 * All participants of a saga, with the behaviour of ours: the function of the real participants decides what to do with
 * a command, based on the inbox rows that they would find.
 */
import { CHILDREN, type CommandContract, type Rejection, type Refusal } from '../../contract';
import type { AnswerEvent, SendCommand } from '../../engine';
import { decide, type DigestedCommand } from '../../deduplication';
import type { Effects } from './effects';
import type { AnswerRow, Message, Scene } from './scene';

/** How a participant may handle a command. */
export interface Behaviour {
  /** The possible replies of a success; one undefined for a command without reply. */
  readonly replies: readonly unknown[];
}

/** How commands are handled. */
export interface Participants {
  readonly effects: Effects;
  readonly behaviourOf: (contract: CommandContract) => Behaviour;
}

/** The outcome of handling a command, as far as it depends on chance and the outside world. */
export type HandlingOutcome =
  | { readonly kind: 'success'; readonly reply: unknown }
  | { readonly kind: 'refusal'; readonly reason: string }
  | { readonly kind: 'failure' };

/** What the participant did, for the story. */
export interface Handled {
  readonly scene: Scene;
  readonly what: string;
}

/** Returns all possible outcomes of handling a command now. */
export function possibleOutcomes({ command }: SendCommand, { replies }: Behaviour): readonly HandlingOutcome[] {
  return [
    ...replies.map((reply) => ({ kind: 'success' as const, reply })),
    ...command.refusals.map((reason) => ({ kind: 'refusal' as const, reason })),
    // A child saga never fails: it is completed or compensated.
    ...(command.service === CHILDREN ? [] : [{ kind: 'failure' as const }]),
  ];
}

/** Lets its participant handle the command at this place; undefined when that changes nothing. */
export function handle(
  scene: Scene,
  place: number,
  outcome: HandlingOutcome,
  { effects }: Pick<Participants, 'effects'>,
): Handled | undefined {
  const message = scene.messages[place] as Message;
  const { command } = message;
  const undone =
    command.undoes === undefined ? -1 : scene.messages.findIndex((each) => each.command.commandId === command.undoes);
  const decision = decide(digestedCommandOf(command), message.row, scene.messages[undone]?.row, () => true);
  switch (decision.kind) {
    case 'run':
      return run(scene, place, outcome, effects);
    case 'write-tombstone':
      if (outcome.kind !== 'success') return undefined;
      return {
        scene: withRows(
          scene,
          [place, rowOf(command, { kind: 'success', reply: undefined })],
          [undone, tombstone(decision.undoes)],
        ),
        what: `finds that ${scene.messages[undone]?.command.command.name} never arrived, and writes a tombstone`,
      };
    case 'nothing-to-undo':
      if (outcome.kind !== 'success') return undefined;
      return {
        scene: withRows(scene, [place, rowOf(command, { kind: 'success', reply: undefined })]),
        what: 'finds nothing to compensate',
      };
    default:
      return undefined;
  }
}

/** No other command has an id of this saga here, so digests are not needed. */
function digestedCommandOf({ commandId: id, step: sagastep, undoes, command: { type } }: SendCommand): DigestedCommand {
  return { id, type, sagaid: '', sagastep, undoes, digest: NO_DIGEST };
}

const NO_DIGEST = Buffer.alloc(0);

function run(scene: Scene, place: number, outcome: HandlingOutcome, all: Effects): Handled {
  const { command, effects } = scene.messages[place] as Message;
  if (outcome.kind !== 'success')
    return { scene: withRows(scene, [place, rowOf(command, outcome)]), what: describeOutcome(outcome) };
  const effect = all.of(scene.world, command.command, command.payload);
  if (effect.kind === 'failed') {
    const failure = { kind: 'failure', detail: effect.detail } as const;
    return { scene: withRows(scene, [place, rowOf(command, failure)]), what: `fails: ${effect.detail}` };
  }
  if (effect.kind === 'refused') {
    const refusal = { kind: 'refusal', ...effect.refusal } as const;
    return { scene: withRows(scene, [place, rowOf(command, refusal)]), what: describeOutcome(refusal) };
  }
  const kept = withRows(scene, [place, rowOf(command, outcome)]);
  const messages = kept.messages.with(place, { ...(kept.messages[place] as Message), effects: effects + 1 });
  return { scene: { ...kept, messages, world: effect.world }, what: 'is done' };
}

type ReplyOutcome = HandlingOutcome | ({ kind: 'refusal' } & Refusal) | { kind: 'failure'; detail: string };

function describeOutcome(outcome: ReplyOutcome): string {
  return outcome.kind === 'refusal' ? `is refused: ${outcome.reason}` : 'fails';
}

function withRows({ messages, ...rest }: Scene, ...rows: readonly (readonly [place: number, row: AnswerRow])[]): Scene {
  const kept = [...messages];
  for (const [place, row] of rows) {
    const message = kept[place];
    if (message) kept[place] = { ...message, row };
  }
  return { ...rest, messages: kept };
}

function rowOf(command: SendCommand, outcome: ReplyOutcome): AnswerRow {
  const kept = { id: command.commandId, outcome: outcome.kind, reply: outcome.kind, digest: null };
  return { ...kept, answer: answerTo(command, outcome) };
}

function tombstone(id: string): AnswerRow {
  return { id, outcome: 'tombstone', reply: null, digest: null };
}

function answerTo({ commandId, step, direction, command }: SendCommand, outcome: ReplyOutcome): AnswerEvent {
  const answer = { commandId, step, direction, from: command.service };
  if (outcome.kind === 'success') return { kind: 'replied', ...answer, reply: outcome.reply };
  return { kind: outcome.kind === 'refusal' ? 'refused' : 'failed', ...answer, objection: rejectionOf(outcome) };
}

function rejectionOf(outcome: Exclude<ReplyOutcome, { kind: 'success' }>): Rejection {
  return { reason: 'reason' in outcome ? outcome.reason : 'handler-threw' };
}
