import { ErrorCode } from '../wire/error-code';
import type { BatchHeader } from './record-batch';

/** An idempotent producer has at most this many batches in flight, so it resends at most this many. */
const rememberedBatches = 5;

/** A producer without messages for this long is forgotten, as in Kafka. */
const forgottenAfterMs = 24 * 60 * 60 * 1000;

interface WrittenBatch {
  readonly firstSequence: number;
  readonly lastSequence: number;
  readonly baseOffset: number;
}

interface ProducerEntry {
  epoch: number;
  lastSeenMs: number;
  batches: WrittenBatch[];
}

/** What to do with a batch: append it, answer with the offset it already has, or refuse it. */
export type SequenceVerdict =
  | { readonly kind: 'append' }
  | { readonly kind: 'duplicate'; readonly baseOffset: number }
  | { readonly kind: 'refused'; readonly error: ErrorCode };

const append: SequenceVerdict = { kind: 'append' };
const refused = (error: ErrorCode): SequenceVerdict => ({ kind: 'refused', error });

function sequenceAfter(sequence: number, by: number): number {
  return (sequence + by) % 0x8000_0000;
}

/** The last batches of each idempotent producer in one partition. It is rebuilt from the batch headers at start. */
export class ProducerLedger {
  private readonly producers = new Map<number, ProducerEntry>();

  classify(batch: BatchHeader): SequenceVerdict {
    if (batch.producerId < 0) return append;
    if (batch.baseSequence < 0) return refused(ErrorCode.invalidRecord);
    const known = this.producers.get(batch.producerId);
    // When retention has deleted a producer's batches, it may continue with any sequence: nothing is left to compare.
    if (!known) return append;
    if (batch.producerEpoch < known.epoch) return refused(ErrorCode.invalidProducerEpoch);
    if (batch.producerEpoch > known.epoch) {
      return batch.baseSequence === 0 ? append : refused(ErrorCode.outOfOrderSequence);
    }
    const lastSequence = sequenceAfter(batch.baseSequence, batch.lastOffsetDelta);
    const same = known.batches.find(
      (written) => written.firstSequence === batch.baseSequence && written.lastSequence === lastSequence,
    );
    if (same) return { kind: 'duplicate', baseOffset: same.baseOffset };
    const expected = sequenceAfter(known.batches.at(-1)!.lastSequence, 1);
    return batch.baseSequence === expected ? append : refused(ErrorCode.outOfOrderSequence);
  }

  /** Records a batch that was written. */
  note(batch: BatchHeader, baseOffset: number, nowMs: number): void {
    if (batch.producerId < 0) return;
    let entry = this.producers.get(batch.producerId);
    if (!entry || entry.epoch !== batch.producerEpoch) {
      entry = { epoch: batch.producerEpoch, lastSeenMs: nowMs, batches: [] };
      this.producers.set(batch.producerId, entry);
    }
    entry.lastSeenMs = nowMs;
    entry.batches.push({
      firstSequence: batch.baseSequence,
      lastSequence: sequenceAfter(batch.baseSequence, batch.lastOffsetDelta),
      baseOffset,
    });
    if (entry.batches.length > rememberedBatches) entry.batches.shift();
  }

  forgetSilent(nowMs: number): void {
    for (const [producerId, entry] of this.producers) {
      if (nowMs - entry.lastSeenMs > forgottenAfterMs) this.producers.delete(producerId);
    }
  }
}
