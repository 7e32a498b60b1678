import { isUtf8 } from 'node:buffer';
import type { Topics } from '../../contract';
import {
  wasAnswered,
  whyNotRedrivable,
  type DeadLetter,
  type DeadLetterGroup,
  type DeadLetterStatus,
  type DeadLetterSummary as Stored,
} from '../../dead-letters';
import { time } from '../time';
import type { DeadLetterGroupView } from './dead-letter-group.view';
import type { ContentView, DeadLetterDetail, DeadLetterSummary } from './dead-letter.view';
import type { ShownLetter } from './letter-mask';

const RETRY_THE_SAGA =
  'Its saga has received the failure, and a redrive would get the same reply. Retry or resume the saga if it has not ended: that makes a new attempt with a new id.';

export function letterSummaryOf(letter: Stored): DeadLetterSummary {
  const { id, status, reason, detail, service, topic, partition, offset, bytes, cut, messageId, type } = letter;
  const { keptAt, sagaId: saga, redriveOf, decision, sentAt, outcome, groupId: group } = letter;
  return {
    id,
    keptAt: new Date(keptAt).toISOString(),
    status,
    reason,
    detail,
    service,
    topic,
    partition,
    offset,
    bytes,
    cut,
    messageId,
    type,
    saga,
    redriveOf,
    group,
    outcome,
    decision: decision && {
      operator: decision.by,
      reason: decision.because,
      at: new Date(decision.at).toISOString(),
      override: decision.override && { reason: decision.override.because, doubt: decision.override.doubt },
    },
    sentAt: sentAt === undefined ? undefined : new Date(sentAt).toISOString(),
  };
}

export function groupViewOf(
  { id, count, sagas, first, last, sample }: DeadLetterGroup,
  status: DeadLetterStatus,
): DeadLetterGroupView {
  const { reason, service, topic, type } = sample;
  const common = { id, status, reason, service, topic, type, count, sagas };
  return { ...common, first: time(first), last: time(last), sample: letterSummaryOf(sample) };
}

/** @param shown what of it may be seen */
export function letterDetailOf(
  letter: DeadLetter,
  heard: readonly [Topics, ...Topics[]],
  shown: ShownLetter,
): DeadLetterDetail {
  const { key, value, headers } = shown;
  const obstacle = whyNotRedrivable(letter, heard);
  return {
    ...letterSummaryOf(shown),
    masked: shown.masked,
    key: key === null ? undefined : contentOf(key),
    value: value === null ? undefined : contentOf(value),
    headers: headers.map(([name, base64]) => ({ name, ...contentOf(Buffer.from(base64, 'base64')) })),
    notRedrivable: obstacle && { reason: obstacle.reason, detail: obstacle.detail ?? '' },
    advice: wasAnswered(letter, heard) ? RETRY_THE_SAGA : undefined,
  };
}

/** Bytes that a terminal or a page could not show are not text. */
function contentOf(bytes: Buffer): ContentView {
  const text = isUtf8(bytes) ? bytes.toString() : undefined;
  return text === undefined || /[^\P{Cc}\t\r\n]/u.test(text) ? { base64: bytes.toString('base64') } : { text };
}
