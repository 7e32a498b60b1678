/*
 * What became of the items of a bulk action, in SQL, so that any number of them are judged in one query. A saga that no
 * longer exists has ended, and was deleted. A redriven letter that was deleted before its outcome was known proves nothing.
 */
import type { Tables } from '../messaging';

/** Of an item joined with its saga: what the action should lead to against how the saga stands. */
const OF_SAGA = `CASE
  WHEN saga.id IS NULL OR saga.status = meant OR meant = 'PAUSED' THEN 'as-meant'
  WHEN saga.status IN ('COMPLETED', 'COMPENSATED', 'PAUSED') THEN 'otherwise'
  ELSE 'pending' END`;

/** Of an item joined with its dead letter. What becomes of an event is not known, so it counts once it is sent. */
const OF_LETTER = `CASE
  WHEN meant = 'discarded' OR letter.outcome = 'handled' THEN 'as-meant'
  WHEN letter.id IS NULL OR letter.outcome = 'failed-again' THEN 'otherwise'
  WHEN letter.sent_at IS NOT NULL AND (letter.saga_id IS NULL OR letter.topic LIKE '%.events') THEN 'as-meant'
  ELSE 'pending' END`;

export const OUTCOME = `CASE WHEN item.status <> 'done' THEN NULL WHEN meant IN ('handled', 'discarded') THEN ${OF_LETTER} ELSE ${OF_SAGA} END`;

/** The items with what they act on. */
export function itemsIn({ bulk_action_item, saga, dead_letter }: Tables): string {
  return `${bulk_action_item} AS item LEFT JOIN ${saga} AS saga ON saga.id = target_id
    LEFT JOIN ${dead_letter} AS letter ON letter.id = target_id`;
}
