/*
 * How participants answer, as seen by this orchestrator and reported by the other instances: enough to tell a fault of
 * one saga from an outage. It is kept in memory per type of command, and costs one look-up per reply.
 */

import type { HoldRule } from './hold-settings';

/** What an instance reports to the others about one command, for the time that the longest rule covers. */
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
  /** When the latest answered command was first sent: an older command without a reply was passed over. */
  caughtUpTo: number;
  /** The times of the last successes. */
  readonly successes: number[];
  readonly failures: Failure[];
}

/** How many successes, and how many failures, are remembered of one command. */
const REMEMBERED = 256;

export class ParticipantHealth {
  private readonly answers = new Map<string, Answers>();
  private others: readonly SharedHealth[] = [];
  /** The time up to which the other instances have been informed. */
  private sharedUntil = 0;
  /** The latest time seen, by the clock of the database. */
  private latest = 0;

  /** @param withinMs how far back failures and successes are reported to other instances */
  constructor(private readonly withinMs: number) {}

  /** @param sentAt when the command was sent first, if a step waits for this reply */
  succeeded(type: string, sentAt: number | undefined, now: number): void {
    this.latest = Math.max(this.latest, now);
    const answers = this.of(type);
    answers.answeredAt = answers.succeededAt = Math.max(answers.answeredAt, now);
    answers.caughtUpTo = Math.max(answers.caughtUpTo, sentAt ?? 0);
    keep(answers.successes, now);
  }

  /** A reply that is neither, such as one that breaks its contract: it only shows that the participant is running. */
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

  /** When this command was last answered; undefined when it never was. */
  answeredAt(type: string): number | undefined {
    const own = this.answers.get(type)?.answeredAt;
    const latest = Math.max(own ?? 0, ...this.ofOthers(type).map(({ answeredAt }) => answeredAt));
    return latest === 0 ? undefined : latest;
  }

  private caughtUpTo(type: string): number {
    const own = this.answers.get(type)?.caughtUpTo ?? 0;
    return Math.max(own, ...this.ofOthers(type).map((other) => other.caughtUpTo));
  }

  /** When this command last succeeded. */
  private succeededAt(type: string): number {
    const own = this.answers.get(type)?.succeededAt ?? 0;
    return Math.max(own, ...this.ofOthers(type).map(({ succeededAt }) => succeededAt));
  }

  /**
   * Whether a command that was first sent at `since` and never answered shows an outage: no other command was answered
   * either. When the saga would otherwise give up, it is enough that no command sent later was answered: the
   * participant has not come that far.
   */
  isSilent(type: string, since: number, now: number, isLast: boolean, { silenceMs }: HoldRule): boolean {
    if (isLast) return this.caughtUpTo(type) < since;
    return (this.answeredAt(type) ?? 0) < since && now - since >= silenceMs;
  }

  /**
   * Whether a failure shows an outage: by its share among the replies. When the saga would otherwise give up, it is
   * enough that another saga fails for the same reason and that no command has succeeded since this saga's previous
   * failure; this is checked for this command, and for it together with the participant's other commands.
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

  /** The participant is back, so earlier failures no longer count. */
  forgetFailures(type: string): void {
    this.answers.get(type)?.failures.splice(0);
  }

  /**
   * How many commands succeed per second: by what this instance saw in its last second, and what the others reported.
   */
  successesPerSecond(type: string): number {
    const own = countSince(this.answers.get(type)?.successes ?? [], this.latest - 1_000);
    return own + (1_000 * sum(this.ofOthers(type).map(({ successes }) => successes))) / Math.max(1_000, this.withinMs);
  }

  /** What the other instances should know and were not told yet. */
  share(): readonly SharedHealth[] {
    const from = this.latest - this.withinMs;
    const unshared = [...this.answers].filter(([, { answeredAt }]) => answeredAt > this.sharedUntil);
    this.sharedUntil = this.latest;
    return unshared.map(([type, { answeredAt, succeededAt, caughtUpTo, successes, failures }]) => ({
      type,
      answeredAt,
      succeededAt,
      caughtUpTo,
      successes: countSince(successes, from),
      failures: failures.filter(({ at }) => at > from).length,
    }));
  }

  /** Replaces what the other instances have reported. */
  setOthers(others: readonly SharedHealth[]): void {
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
  // Trims rarely, and then half, so that a reply costs next to nothing.
  if (kept.length >= 2 * REMEMBERED) kept.splice(0, REMEMBERED);
}

function countSince(instants: readonly number[], from: number): number {
  let count = 0;
  for (let at = instants.length - 1; at >= 0 && (instants[at] as number) > from; at -= 1) count += 1;
  return count;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
