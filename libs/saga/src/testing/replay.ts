/*
 * Replays recordings of real sagas against a definition, to check a new version before it is deployed. Where today's
 * definition decides differently, sagas that are running now may do so as well.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { isUuid, shorten } from '../contract';
import type { SagaDefinition } from '../definition';
import {
  isSameSent,
  RECORDING_FORMAT,
  Refold,
  sentOf,
  type RecordedEntry,
  type Recording,
  type SentCommand,
  type TransitionResult,
} from '../engine';
import { describeSaga } from './describe-saga';
import { SagaTestError } from './saga-test-error';

const SHOWN_TEXT = 300;

/** An event to which the definition reacts differently than was recorded. */
export interface ReplayDifference {
  /** The entry of the history. */
  readonly seq: number;
  /** Such as `replied stock`. */
  readonly event: string;
  /** What differs: the commands that were sent, the payload of one, why the event was ignored, or the engine failed. */
  readonly what: 'commands' | 'payload' | 'ignored' | 'error';
  /** What was recorded, such as `sends payment.authorize for payment`. */
  readonly recorded: string;
  /** What the definition does now. */
  readonly now: string;
}

/**
 * Applies a recording to a definition, usually a newer version of the recorded one. Nothing is sent or stored.
 *
 * ```ts
 * replay(placeOrder, recording).expectSame();
 * ```
 *
 * @throws SagaTestError when it is not a recording, or one of another definition.
 */
export function replay(definition: SagaDefinition, recording: Recording): Replay {
  assertRecording(recording);
  if (recording.definition !== definition.name) {
    throw new SagaTestError(
      `The recording is of ${recording.definition}, not of ${definition.name}. Replay it with a version of ${recording.definition}.`,
    );
  }
  return new Replay(definition, recording);
}

/**
 * Reads the recordings in a directory: its `.json` files, by their names.
 *
 * @throws SagaTestError that names the file which is not a recording.
 */
export function readRecordings(directory: string): ReadonlyMap<string, Recording> {
  const files = readdirSync(directory).filter((file) => file.endsWith('.json'));
  return new Map(files.toSorted().map((file) => [file, readRecording(join(directory, file))]));
}

function readRecording(path: string): Recording {
  try {
    const recording: unknown = JSON.parse(readFileSync(path, 'utf8'));
    assertRecording(recording);
    return recording;
  } catch (error) {
    throw new SagaTestError(`${path}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

/** The result of {@link replay}. */
export class Replay {
  /** In the order of the history. The first is the cause of most that follow. */
  readonly differences: readonly ReplayDifference[];
  /** How the saga ends up with this definition, in one line. */
  readonly end: string;

  constructor(
    private readonly definition: SagaDefinition,
    private readonly recording: Recording,
  ) {
    const refold = new Refold(definition);
    this.differences = recording.entries.flatMap((entry) => differenceAt(entry, refold));
    this.end = refold.state === undefined ? 'The saga never started.' : describeSaga(refold.state);
  }

  /**
   * Expects the definition to send the same commands with the same payloads as recorded.
   *
   * @throws SagaTestError that shows the first difference.
   */
  expectSame(): void {
    const [first, ...rest] = this.differences;
    if (first === undefined) return;
    const { name, version } = this.definition;
    const { sagaId, version: recorded } = this.recording;
    const others = rest.length === 0 ? '' : ` ${rest.length} more differ after it.`;
    throw new SagaTestError(
      `${name} v${version} decides differently from v${recorded} for the saga ${sagaId}, at entry ${first.seq} (${first.event}).\n` +
        `  recorded: ${first.recorded}\n  now:      ${first.now}\n${this.end}${others}\n` +
        `If this is meant, give the definition a new version, so that running sagas keep the one they began with.`,
    );
  }
}

function differenceAt(entry: RecordedEntry, refold: Refold): ReplayDifference[] {
  const at = { seq: entry.seq, event: eventText(entry) };
  try {
    return compare(entry, refold.apply(entry)).map((difference) => ({ ...at, ...difference }));
  } catch (error) {
    return [{ ...at, what: 'error', recorded: sentText(entry.sent), now: String(error) }];
  }
}

function compare(
  { sent, ignored }: RecordedEntry,
  result: TransitionResult,
): Omit<ReplayDifference, 'seq' | 'event'>[] {
  const now = sentOf(result);
  if (!isSameSent(sent, now)) return [{ what: 'commands', recorded: sentText(sent), now: sentText(now) }];
  if (ignored !== result.ignored)
    return [{ what: 'ignored', recorded: ignoredText(ignored), now: ignoredText(result.ignored) }];
  return sent.flatMap((command, n) => {
    const payload = plain(result.sends[n]?.payload);
    if (!('payload' in command) || isDeepStrictEqual(plain(command.payload), payload)) return [];
    return [
      { what: 'payload' as const, recorded: payloadText(command, command.payload), now: payloadText(command, payload) },
    ];
  });
}

/** As it is stored and sent: without fields that are undefined, and without classes. */
function plain(payload: unknown): unknown {
  return payload === undefined ? undefined : (JSON.parse(JSON.stringify(payload)) as unknown);
}

function eventText({ event }: RecordedEntry): string {
  const about = 'step' in event ? event.step : 'signal' in event ? event.signal : undefined;
  return about === undefined ? event.kind : `${event.kind} ${about}`;
}

function sentText(sent: readonly SentCommand[]): string {
  return sent.length === 0 ? 'sends nothing' : `sends ${sent.map(commandText).join(', ')}`;
}

function commandText({ command, step, direction, attempt, again }: SentCommand): string {
  const more = [
    direction === 'compensation' ? 'as compensation' : '',
    attempt > 1 ? `attempt ${attempt}` : '',
    again ? 'again' : '',
  ];
  return [command, `for ${step}`, ...more.filter(Boolean)].join(' ');
}

function payloadText({ command, step }: SentCommand, payload: unknown): string {
  return `sends ${command} for ${step} with ${shorten(JSON.stringify(payload) ?? 'no payload', SHOWN_TEXT)}`;
}

function ignoredText(ignored: string | undefined): string {
  return ignored === undefined ? 'is applied' : `is ignored: ${ignored}`;
}

function assertRecording(value: unknown): asserts value is Recording {
  const { format, entries, sagaId } = (value ?? {}) as Partial<Record<keyof Recording, unknown>>;
  if (format !== RECORDING_FORMAT) {
    throw new SagaTestError(
      `The format of a recording is ${RECORDING_FORMAT}, and this has ${JSON.stringify(format) ?? 'none'}. Record the saga with this release: GET /v1/sagas/<id>/recording.`,
    );
  }
  if (!Array.isArray(entries) || !isUuid(sagaId) || !entries.every(isEntry))
    throw new SagaTestError('The recording is damaged: record the saga again with GET /v1/sagas/<id>/recording.');
}

function isEntry(entry: unknown): boolean {
  const { seq, at, event, sent } = (entry ?? {}) as Partial<Record<keyof RecordedEntry, unknown>>;
  return (
    Number.isInteger(seq) &&
    Number.isFinite(at) &&
    typeof (event as { kind?: unknown } | undefined)?.kind === 'string' &&
    Array.isArray(sent)
  );
}
