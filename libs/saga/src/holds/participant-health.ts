/*
 * How participants answer, as far as one orchestrator has seen and the others have told: enough to tell a saga's own
 * misfortune from an outage. It is kept in memory, for each type of command, and costs a reply a look-up.
 */

import type { HoldRule } from './hold-settings';

/** What an orchestrator tells the others of one command, about the time that the longest rule looks back on. */
export interface SharedHealth {
  readonly type: string;
  readonly answeredAt: number;
  readonly succeededAt: number;
  readonly caughtUpTo: number;
  readonly successes: number;
  readonly failures: number;
}

interface Failure {
  readonly at: number;
  readonly sagaId: string;
  readonly reason: string;
}

interface Answers {
  answeredAt: number;
  succeededAt: number;
  /** When the youngest command that was ever answered was sent first: what is older and not answered was passed by. */
  caughtUpTo: number;
  /** The instants of the last successes. */
  readonly successes: number[];
  readonly failures: Failure[];
}

/** What is remembered of one command at most, of either kind. */
const REMEMBERED = 256;

export class ParticipantHealth {
  private readonly answers = new Map<string, Answers>();
  private others: readonly SharedHealth[] = [];
  /** Up to when the others know it. */
  private sharedUntil = 0;
  /** The latest instant heard of, by the clock of the database. */
  private latest = 0;

  /** @param withinMs how far back failures and successes are told to others */
  constructor(private readonly withinMs: number) {}

  /** @param sentAt when the command was sent first, if somebody waits for this answer */
  succeeded(type: string, sentAt: number | undefined, now: number): void {
    this.latest = Math.max(this.latest, now);
    const answers = this.of(type);
    answers.answeredAt = answers.succeededAt = Math.max(answers.answeredAt, now);
    answers.caughtUpTo = Math.max(answers.caughtUpTo, sentAt ?? 0);
    keep(answers.successes, now);
  }

  /** An answer that is neither, such as one that breaks its contract: somebody is there, and no more. */
  answered(type: string, sentAt: number | undefined, now: number): void {
    this.latest = Math.max(this.latest, now);
    const answers = this.of(type);
    answers.answeredAt = Math.max(answers.answeredAt, now);
    answers.caughtUpTo = Math.max(answers.caughtUpTo, sentAt ?? 0);
  }

  failed(
    type: string,
    { sagaId, reason }: Pick<Failure, 'sagaId' | 'reason'>,
    sentAt: number | undefined,
    now: number,
  ): void {
    this.answered(type, sentAt, now);
    keep(this.of(type).failures, { at: now, sagaId, reason });
  }

  /** When anybody had an answer to this command last; undefined when nobody ever had one. */
  answeredAt(type: string): number | undefined {
    const own = this.answers.get(type)?.answeredAt;
    const latest = Math.max(own ?? 0, ...this.ofOthers(type).map(({ answeredAt }) => answeredAt));
    return latest === 0 ? undefined : latest;
  }

  private caughtUpTo(type: string): number {
    const own = this.answers.get(type)?.caughtUpTo ?? 0;
    return Math.max(own, ...this.ofOthers(type).map((other) => other.caughtUpTo));
  }

  /** When anybody did this command last. */
  private succeededAt(type: string): number {
    const own = this.answers.get(type)?.succeededAt ?? 0;
    return Math.max(own, ...this.ofOthers(type).map(({ succeededAt }) => succeededAt));
  }

  /**
   * Whether a command that was sent first at `since` and never answered shows an outage: nobody else was answered either. Where
   * the saga would give up on it, it is enough that nobody was answered who asked later: the participant has not come so far.
   */
  isSilent(type: string, since: number, now: number, isLast: boolean, { silenceMs }: HoldRule): boolean {
    if (isLast) return this.caughtUpTo(type) < since;
    return (this.answeredAt(type) ?? 0) < since && now - since >= silenceMs;
  }

  /**
   * Whether a failure shows an outage: by its share among the answers; or, where the saga would give up on it, because
   * another saga fails for the same reason, and nobody has succeeded since this one failed before: with this command, or with
   * any of its siblings, the participant's other commands.
   */
  isFailing(
    type: string,
    { sagaId, reason }: Pick<Failure, 'sagaId' | 'reason'>,
    now: number,
    isLast: boolean,
    siblings: readonly string[],
    { failures: { share, withinMs, atLeast } }: HoldRule,
  ): boolean {
    const from = now - withinMs;
    const own = this.answers.get(type);
    const recent = own?.failures.filter(({ at }) => at > from) ?? [];
    const others = this.ofOthers(type);
    const failures = recent.length + sum(others.map((other) => other.failures));
    const successes = countSince(own?.successes ?? [], from) + sum(others.map((other) => other.successes));
    if (failures >= atLeast && failures >= share * (failures + successes)) return true;
    if (!isLast) return false;
    const before = own?.failures.findLast((failure) => failure.sagaId === sagaId && failure.at < now);
    const since = before?.at ?? from;
    const isAlike = (failure: Failure): boolean =>
      failure.at > from && failure.reason === reason && failure.sagaId !== sagaId;
    const noneSucceeds = (...types: readonly string[]): boolean =>
      types.every((each) => this.succeededAt(each) < since);
    const failAlike = (...types: readonly string[]): boolean =>
      types.some((each) => this.answers.get(each)?.failures.some(isAlike));
    return [[type], [type, ...siblings]].some((types) => failAlike(...types) && noneSucceeds(...types));
  }

  /** The participant is back: what failed before says nothing of what fails from now on. */
  forgetFailures(type: string): void {
    this.answers.get(type)?.failures.splice(0);
  }

  /** How many a second succeed: by what this instance heard in its last second, and what others told. */
  successesPerSecond(type: string): number {
    const own = countSince(this.answers.get(type)?.successes ?? [], this.latest - 1_000);
    return own + (1_000 * sum(this.ofOthers(type).map(({ successes }) => successes))) / Math.max(1_000, this.withinMs);
  }

  /** What the others should know and were not told yet. */
  share(): readonly SharedHealth[] {
    const from = this.latest - this.withinMs;
    const fresh = [...this.answers].filter(([, { answeredAt }]) => answeredAt > this.sharedUntil);
    this.sharedUntil = this.latest;
    return fresh.map(([type, { answeredAt, succeededAt, caughtUpTo, successes, failures }]) => ({
      type,
      answeredAt,
      succeededAt,
      caughtUpTo,
      successes: countSince(successes, from),
      failures: failures.filter(({ at }) => at > from).length,
    }));
  }

  /** What the others have told, in place of what they told before. */
  hear(others: readonly SharedHealth[]): void {
    this.others = others;
  }

  private of(type: string): Answers {
    let answers = this.answers.get(type);
    if (answers === undefined) {
      answers = { answeredAt: 0, succeededAt: 0, caughtUpTo: 0, successes: [], failures: [] };
      this.answers.set(type, answers);
    }
    return answers;
  }

  private ofOthers(type: string): readonly SharedHealth[] {
    return this.others.filter((other) => other.type === type);
  }
}

function keep<T>(kept: T[], one: T): void {
  kept.push(one);
  // Rarely, and then half of it: an answer costs next to nothing.
  if (kept.length >= 2 * REMEMBERED) kept.splice(0, REMEMBERED);
}

function countSince(instants: readonly number[], from: number): number {
  let count = 0;
  for (let at = instants.length - 1; at >= 0 && (instants[at] as number) > from; at -= 1) count += 1;
  return count;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
