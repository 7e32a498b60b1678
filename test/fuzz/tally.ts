import type { FuzzMessage } from './fuzz-message';
import type { MemoryMb } from './health';
import type { Answer } from './raw-producer';

type Counts = Record<string, number>;

/** Counts the sent messages and their results. */
export class Tally {
  messages = 0;
  records = 0;
  readonly byTopic: Counts = {};
  readonly byCodec: Counts = {};
  readonly byMutation: Counts = {};
  readonly byDamage: Counts = {};
  readonly byAnswer: Counts = {};
  private readonly startedAt = Date.now();

  sent({ topic, codec, mutations, damage, records }: FuzzMessage, answer: Answer): void {
    this.messages += 1;
    this.records += records.length;
    count(this.byTopic, topic);
    count(this.byCodec, codec);
    count(this.byDamage, damage);
    for (const mutation of mutations.length > 0 ? mutations : ['unchanged']) count(this.byMutation, mutation);
    count(this.byAnswer, answer === 0 ? 'accepted' : `refused, ${answer}`);
  }

  report(parked: Counts, orders: number, first: MemoryMb, last: MemoryMb): string {
    const minutes = ((Date.now() - this.startedAt) / 60_000).toFixed(1);
    const memory = Object.keys(last).map((name) => `${name} ${first[name]} → ${last[name]}`);
    return [
      `${this.messages} batches of ${this.records} messages in ${minutes} minutes; ${orders} other orders ended as expected.`,
      section('topics', this.byTopic),
      section('codecs', this.byCodec),
      section('mutations', this.byMutation),
      section('batches', this.byDamage),
      section('the broker', this.byAnswer),
      section('parked', parked),
      `memory in MB, first and last round: ${memory.join(', ')}`,
    ].join('\n');
  }
}

function count(counts: Counts, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1;
}

function section(title: string, counts: Counts): string {
  const sorted = Object.entries(counts).toSorted(([, a], [, b]) => b - a);
  return `${title}: ${sorted.map(([name, n]) => `${name} ${n}`).join(', ') || 'none'}`;
}
