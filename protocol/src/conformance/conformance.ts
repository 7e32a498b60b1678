import { DEFAULT_ORCHESTRATOR } from '@palinode/saga/contract';
import { Notes, type Check, type Play } from './check';
import { answersTo } from './checks/answers';
import { takesBack } from './checks/compensations';
import { answersOrchestrator } from './checks/orchestrators';
import { keepsOrder } from './checks/order';
import { survivesPoison } from './checks/poison';
import type { Values } from './example-payload';
import { ParticipantContract } from './participant-contract';
import { NoReplyError, PlayedOrchestrator } from './played-orchestrator';
import { PlayedSaga } from './played-saga';

export interface ConformanceOptions {
  readonly brokers: readonly string[];
  /** The participant's command topic, such as `payment.commands`. */
  readonly participant: string;
  /** The AsyncAPI document that describes it, as plain data. */
  readonly document: Readonly<Record<string, unknown>>;
  /** Values of payload fields, by the type of the command; under `*` those for all. */
  readonly commands?: Readonly<Record<string, Values>>;
  /** What a new saga knows from the start, such as the id of an order that was made for it. */
  readonly prepare?: () => Promise<Values>;
  /** Counts the effects there are for the values of a saga. */
  readonly observe?: (values: Values) => Promise<number>;
  /** The names of the orchestrators that it serves. @default ['orchestrator'] */
  readonly orchestrators?: readonly [string, ...string[]];
  /** How long an answer may take. @default 10000 */
  readonly deadlineMs?: number;
}

/** How a participant did in one check. */
export interface Verdict {
  readonly rules: readonly number[];
  readonly promise: string;
  readonly did: readonly string[];
  readonly saw: readonly string[];
  /** Empty when the promise is kept. */
  readonly wrong: readonly string[];
  /** A command was not answered in time. */
  readonly unanswered: boolean;
}

/** Plays the orchestrator against a running participant, and tells which rules of docs/protocol.md it keeps. */
export async function conformanceOf(options: ConformanceOptions): Promise<readonly Verdict[]> {
  const { brokers, participant, document, commands = {}, prepare, observe, deadlineMs = 10_000 } = options;
  const { orchestrators = [DEFAULT_ORCHESTRATOR] } = options;
  const contract = new ParticipantContract(document, participant);
  const orchestrator = await PlayedOrchestrator.start(brokers, participant, deadlineMs);
  try {
    const saga = async (): Promise<PlayedSaga> =>
      new PlayedSaga(contract, orchestrator, (await prepare?.()) ?? {}, commands, orchestrators[0]);
    const effects = async (values: Values): Promise<number | undefined> => observe?.(values);
    const verdicts: Verdict[] = [];
    for (const check of checksFor(contract, orchestrators)) {
      verdicts.push(await judge(check, { contract, orchestrator, saga, effects }));
      if (isSilent(verdicts)) break;
    }
    return verdicts;
  } finally {
    await orchestrator.stop();
  }
}

function checksFor(contract: ParticipantContract, orchestrators: readonly string[]): readonly Check[] {
  const types = [...contract.commands.keys()];
  const pairs = contract.pairs();
  const harmless = pairs[0]?.compensation ?? types[0];
  if (harmless === undefined) throw new Error(`${contract.topic} has no commands in the document.`);
  return [
    ...types.flatMap(answersTo),
    ...pairs.flatMap(({ action, compensation }) => takesBack(action, compensation)),
    keepsOrder(harmless),
    ...orchestrators.map((name) => answersOrchestrator(name, contract.service, harmless)),
    // Last, since a participant that poison stops answers nothing any more.
    ...survivesPoison(contract.service, harmless),
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

/** True when check after check ended without an answer: the others would end so too, each after its deadline. */
export function isSilent(verdicts: readonly Verdict[]): boolean {
  return verdicts.length >= SILENT && verdicts.slice(-SILENT).every(({ unanswered }) => unanswered);
}

const SILENT = 3;
