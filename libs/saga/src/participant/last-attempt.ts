import type { Rejection } from '../contract';
import type { Delivery, Undeliverable } from './delivery';
import type { Answer } from './reply';

/**
 * Returns the dead letters of commands whose last attempt failed: no other attempt follows automatically, so an
 * operator must look at them. Their sagas learn of it from the reply. It is called again for a duplicate, so that a
 * crash before the dead letter is published loses nothing.
 */
export function failedForGood(deliveries: readonly Delivery[], answers: readonly Answer[]): Undeliverable[] {
  const last = deliveries.filter(({ command }) => command.sagalastattempt === true);
  if (last.length === 0) return [];
  const failures = new Map(answers.filter(({ outcome }) => outcome === 'failure').map((answer) => [answer.id, answer]));
  return last.flatMap(({ message, command }) => {
    const failure = failures.get(command.id);
    return failure ? [{ message, rejection: { reason: 'handler-failed', detail: detailOf(failure) } }] : [];
  });
}

function detailOf({ reply }: Answer): string {
  const { reason, detail } = (JSON.parse(reply) as { data: Rejection }).data;
  return detail ? `${reason}: ${detail}` : reason;
}
