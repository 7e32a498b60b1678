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

  succeeded(type: string, now: number): void {
    this.latest = Math.max(this.latest, now);
    const answers = this.of(type);
    answers.answeredAt = answers.succeededAt = Math.max(answers.answeredAt, now);
    keep(answers.successes, now);
  }

  /** An answer that is neither, such as one that breaks its contract: somebody is there, and no more. */
  answered(type: string, now: number): void {
    this.latest = Math.max(this.latest, now);
    const answers = this.of(type);
    answers.answeredAt = Math.max(answers.answeredAt, now);
  }

  failed(type: string, sagaId: string, reason: string, now: number): void {
    this.answered(type, now);
    keep(this.of(type).failures, { at: now, sagaId, reason });
  }

  /** When anybody had an answer to this command last; undefined when nobody ever had one. */
  answeredAt(type: string): number | undefined {
    const own = this.answers.get(type)?.answeredAt;
    const latest = Math.max(own ?? 0, ...this.ofOthers(type).map(({ answeredAt }) => answeredAt));
    return latest === 0 ? undefined : latest;
  }

  /**
   * Whether a command that was sent first at `since` and never answered shows an outage: nobody else was answered either. It
   * shows one sooner where the saga would give up on it.
   */
  isSilent(type: string, since: number, now: number, isLast: boolean, { silenceMs }: HoldRule): boolean {
    if ((this.answeredAt(type) ?? 0) >= since) return false;
    return isLast || now - since >= silenceMs;
  }

  /**
   * Whether a failure shows an outage: by its share among the answers; or, where the saga would give up on it, because
   * nobody succeeds and another saga fails for the same reason.
   */
  isFailing(
    type: string,
    { sagaId, reason }: Pick<Failure, 'sagaId' | 'reason'>,
    now: number,
    isLast: boolean,
    { failures: { share, withinMs, atLeast } }: HoldRule,
  ): boolean {
    const from = now - withinMs;
    const own = this.answers.get(type);
    const recent = own?.failures.filter(({ at }) => at > from) ?? [];
    const others = this.ofOthers(type);
    const failures = recent.length + sum(others.map((other) => other.failures));
    const successes = countSince(own?.successes ?? [], from) + sum(others.map((other) => other.successes));
    if (failures >= atLeast && failures >= share * (failures + successes)) return true;
    const alike = recent.some((failure) => failure.reason === reason && failure.sagaId !== sagaId);
    return isLast && successes === 0 && alike;
  }

  /** The participant is back: what failed before says nothing of what fails from now on. */
  forgetFailures(type: string): void {
    this.answers.get(type)?.failures.splice(0);
  }

  /** How many successes this instance heard of in its last `ms`. */
  successesWithin(ms: number): number {
    let count = 0;
    for (const { successes } of this.answers.values()) count += countSince(successes, this.latest - ms);
    return count;
  }

  /** What the others should know and were not told yet. */
  share(): readonly SharedHealth[] {
    const from = this.latest - this.withinMs;
    const fresh = [...this.answers].filter(([, { answeredAt }]) => answeredAt > this.sharedUntil);
    this.sharedUntil = this.latest;
    return fresh.map(([type, { answeredAt, succeededAt, successes, failures }]) => ({
      type,
      answeredAt,
      succeededAt,
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
      answers = { answeredAt: 0, succeededAt: 0, successes: [], failures: [] };
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
