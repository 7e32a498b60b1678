import { createHash } from 'node:crypto';
import { codecs } from './compress';
import { documents } from './documents';
import { fromFile, toFile, type FuzzMessage } from './fuzz-message';
import { generate } from './generate';
import { mutationNames } from './mutations';
import { damages } from './record-batch';
import { RealIds, standIn, withStandIns, type Target } from './stand-ins';

const topics = [...new Set(documents.map(({ topic }) => topic)), 'nowhere'];
const sources = { topics, partitions: 4, observed: [] };
const targets: Target[] = [{ orderId: 'order-1', sagaId: 'saga-1', commandId: 'command-1' }];

/** A digest, because the difference would be too long to print. */
const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

const kindsIn = (messages: readonly FuzzMessage[], what: (message: FuzzMessage) => readonly string[]): string[] =>
  [...new Set(messages.flatMap(what))].toSorted();

describe('the messages of a fuzz', () => {
  it('generates the same messages for the same seed and round, and others for another', () => {
    const round = (seed: number, n: number): string => digest(toFile(generate(seed, n, 50, sources)));
    expect(round(1, 2)).toBe(round(1, 2));
    expect(round(1, 3)).not.toBe(round(1, 2));
    expect(round(2, 2)).not.toBe(round(1, 2));
  });

  it('covers every topic, codec, mutation, kind of message and damage within some rounds', () => {
    const messages = [0, 1, 2].flatMap((round) => generate(7, round, 400, sources));
    expect(kindsIn(messages, ({ topic }) => [topic])).toEqual(topics.toSorted());
    expect(kindsIn(messages, ({ codec }) => [codec])).toEqual([...codecs].toSorted());
    expect(kindsIn(messages, ({ mutations }) => mutations)).toEqual([...mutationNames].toSorted());
    expect(kindsIn(messages, ({ document }) => [document])).toEqual(
      [...new Set(documents.map(({ what }) => what))].toSorted(),
    );
    expect(kindsIn(messages, ({ damage }) => [damage])).toEqual([...damages].toSorted());
  });

  it('restores the same messages from a file', () => {
    const file = toFile(generate(3, 0, 100, sources));
    expect(digest(toFile(fromFile(file)))).toBe(digest(file));
  });
});

describe('a stand-in', () => {
  it('replaces a stand-in with the id of a target, and keeps its case', () => {
    const ids = new RealIds(targets);
    const text = `${standIn('saga', 0)} ${standIn('command', 5)} ${standIn('order', 1).toUpperCase()}`;
    expect(String(ids.in(Buffer.from(text)))).toBe('saga-1 command-1 ORDER-1');
  });

  it('replaces a stand-in with one fresh id everywhere', () => {
    const ids = new RealIds(targets);
    const [first, second, other] = ['fresh', 'fresh']
      .map(() => String(ids.in(Buffer.from(standIn('fresh', 3)))))
      .concat(String(ids.in(Buffer.from(standIn('fresh', 4)))));
    expect(first).toBe(second);
    expect(first).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
    expect(other).not.toBe(first);
  });

  it('replaces the ids of a target in observed messages with stand-ins', () => {
    expect(withStandIns('{"a":"saga-1","b":"order-1"}', targets)).toBe(
      `{"a":"${standIn('saga', 0)}","b":"${standIn('order', 0)}"}`,
    );
  });

  it('leaves bytes without stand-ins unchanged', () => {
    const bytes = Buffer.from([0, 255, 128, 7]);
    expect(new RealIds(targets).in(bytes)).toEqual(bytes);
  });
});
