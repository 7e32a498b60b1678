import { topicsOf, type Topics } from '@palinode/saga/contract';
import { DEFAULT_ORCHESTRATOR } from '@palinode/saga/internal/contract';
import { Notes, type Check, type Play } from './check';
import { answersTo } from './checks/answers';
import { takesBack } from './checks/compensations';
import { answersOrchestrator } from './checks/orchestrators';
import { readsEnvelopes } from './checks/envelopes';
import { parksLastAttempts } from './checks/failures';
import { tellsApart, tellsSagasApart } from './checks/known-ids';
import { remembersIds } from './checks/memory';
import { commitsLast } from './checks/offsets';
import { keepsOrder } from './checks/order';
import { survivesPoison } from './checks/poison';
import type { Values } from './example-payload';
import { ParticipantContract } from './participant-contract';
import { NoReplyError, PlayedOrchestrator } from './played-orchestrator';
import { PlayedSaga } from './played-saga';

export interface ConformanceOptions {
  readonly brokers: readonly string[];
  /** The participant's command topic as the document names it, such as `payment.commands`. */
  readonly participant: string;
  /** The AsyncAPI document that describes it, as plain data. */
  readonly document: Readonly<Record<string, unknown>>;
  /** Values of payload fields, by the type of the command; under `*` those for all. */
  readonly commands?: Readonly<Record<string, Values>>;
  /** Values of payload fields with which handlers fail, by the type of the command. */
  readonly failing?: Readonly<Record<string, Values>>;
  /** The consumer group of the participant. @default its service, behind the prefix */
  readonly group?: string;
  /** The initial values of a new saga, such as the id of an order that was created for it. */
  readonly prepare?: () => Promise<Values>;
  /** Counts the effects for the values of a saga. */
  readonly observe?: (values: Values) => Promise<number>;
  /** The names of the orchestrators that it serves. @default ['orchestrator'] */
  readonly orchestrators?: readonly [string, ...string[]];
  /** The prefix of all topics of the environment, such as `staging.`. @default '' */
  readonly topicPrefix?: string;
  /** How long to wait for a reply, in milliseconds. @default 10000 */
  readonly deadlineMs?: number;
}

/** The result of one check. */
export interface Verdict {
  readonly rules: readonly number[];
  readonly promise: string;
  readonly did: readonly string[];
  readonly saw: readonly string[];
  /** Empty when the check passed. */
  readonly wrong: readonly string[];
  /** Whether a command was not answered in time. */
  readonly unanswered: boolean;
}

/** Plays the orchestrator against a running participant, and reports which rules of docs/protocol.md it follows. */
export async function conformanceOf(options: ConformanceOptions): Promise<readonly Verdict[]> {
  const {
    brokers,
    participant,
    document,
    orchestrators = [DEFAULT_ORCHESTRATOR],
    topicPrefix: prefix = '',
    commands = {},
    failing = {},
    prepare,
    observe,
    deadlineMs = 10_000,
  } = options;
  const contract = new ParticipantContract(document, participant, prefix);
  const names = orchestrators.map((name) => topicsOf({ orchestrator: name, prefix }));
  const own = topicsOf({ orchestrator: orchestrators[0], prefix });
  const { group = own.group(contract.service) } = options;
  const orchestrator = await PlayedOrchestrator.start(brokers, contract.topic, group, deadlineMs);
  try {
    const saga = async (): Promise<PlayedSaga> =>
      new PlayedSaga(contract, orchestrator, (await prepare?.()) ?? {}, commands, own);
    const effects = async (values: Values): Promise<number | undefined> => observe?.(values);
    const verdicts: Verdict[] = [];
    for (const check of checksFor(contract, names, failing, group, deadlineMs)) {
      verdicts.push(await judge(check, { contract, orchestrator, saga, effects }));
      if (isSilent(verdicts)) break;
    }
    return verdicts;
  } finally {
    await orchestrator.stop();
  }
}

function checksFor(
  contract: ParticipantContract,
  orchestrators: readonly Topics[],
  failing: Readonly<Record<string, Values>>,
  group: string,
  deadlineMs: number,
): readonly Check[] {
  const types = [...contract.commands.keys()];
  const unknown = Object.keys(failing).find((type) => !types.includes(type));
  if (unknown !== undefined)
    throw new Error(`--failing names ${unknown}, which ${contract.topic} does not have; it has ${types.join(', ')}.`);
  const pairs = contract.pairs();
  const harmless = pairs[0]?.compensation ?? types[0];
  if (harmless === undefined) throw new Error(`${contract.topic} has no commands in the document.`);
  return [
    ...types.flatMap(answersTo),
    ...pairs.flatMap(({ action, compensation }) => takesBack(action, compensation)),
    ...types.map(tellsApart),
    ...pairs.map(({ action, compensation }) => tellsSagasApart(action, compensation)),
    ...Object.entries(failing).map(([type, values]) => parksLastAttempts(type, values)),
    keepsOrder(harmless),
    ...orchestrators.map((topics) => answersOrchestrator(topics, contract.service, harmless)),
    ...remembersIds(harmless),
    ...readsEnvelopes(contract.service, harmless),
    // Last, because a participant that stops at a poison message answers nothing afterwards.
    ...survivesPoison(contract.service, harmless),
    commitsLast(group, deadlineMs),
  ];
}

async function judge({ rules, promise, play }: Check, stage: Play): Promise<Verdict> {
  const notes = new Notes();
  let unanswered = false;
  try {
    await play(stage, notes);
  } catch (error) {
    unanswered = error instanceof NoReplyError;
    notes.wrong.push((error as Error).message);
  }
  const { did, saw, wrong } = notes;
  return { rules, promise, did, saw, wrong, unanswered };
}

/** True when several checks in a row got no reply: the others would fail the same way, each after its deadline. */
export function isSilent(verdicts: readonly Verdict[]): boolean {
  return verdicts.length >= SILENT && verdicts.slice(-SILENT).every(({ unanswered }) => unanswered);
}

const SILENT = 3;
