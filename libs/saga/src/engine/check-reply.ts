import { canonicalData, problemOf } from '../contract';
import { stepNamed, type SagaDefinition } from '../definition';
import type { SagaEvent } from './event';

/** The reply of a success in its canonical form. What does not fit its contract is no success: whether the effect is there is not known. */
export function checkReply(definition: SagaDefinition, event: SagaEvent): SagaEvent {
  if (event.kind !== 'replied' || event.direction !== 'action') return event;
  const reply = stepNamed(definition, event.step)?.action?.command.reply;
  if (reply === undefined) return event;
  const detail = problemOf(reply, event.reply);
  const canonical = canonicalData(reply, event.reply);
  if (detail === undefined) return canonical === event.reply ? event : { ...event, reply: canonical };
  const { kind: _kind, reply: _reply, ...answer } = event;
  return { kind: 'broken', ...answer, objection: { reason: 'invalid-reply', detail } };
}
