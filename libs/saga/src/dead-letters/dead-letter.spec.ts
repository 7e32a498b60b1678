import { v7 as uuidV7 } from 'uuid';
import { aCommand } from '../../test/messages';
import { anOrder, reserveStock } from '../../test/sample-saga';
import { topicsOf } from '../contract';
import { wasAnswered, whyNotRedrivable, type DeadLetter } from './dead-letter';

const topics = topicsOf();
const command = aCommand(reserveStock, anOrder());
const letter: DeadLetter = {
  id: uuidV7(),
  keptAt: 0,
  status: 'open',
  service: 'inventory',
  reason: 'unknown-type',
  detail: 'because',
  topic: 'inventory.commands',
  partition: 0,
  offset: '1',
  key: null,
  value: Buffer.from(JSON.stringify(command)),
  headers: [],
  bytes: 1,
  cut: false,
  messageId: command.id,
  type: command.type,
  sagaId: command.sagaid,
  decision: undefined,
  sentAt: undefined,
  redriveOf: undefined,
  outcome: undefined,
  groupId: uuidV7(),
};

describe('a dead letter', () => {
  it.each(['inventory.commands', 'orchestrator.commands', 'orchestrator.replies.inventory'])(
    'can be redriven to %s when it is readable',
    (topic) => {
      expect(whyNotRedrivable({ ...letter, topic }, [topics])).toBeUndefined();
    },
  );

  it('can be redriven to an events topic although it names no saga', () => {
    const { sagaid: _sagaid, ...event } = { ...command, subject: 'o-1' };
    const value = Buffer.from(JSON.stringify(event));
    expect(whyNotRedrivable({ ...letter, topic: 'order.events', value }, [topics])).toBeUndefined();
    expect(whyNotRedrivable({ ...letter, value }, [topics])).toMatchObject({ reason: 'no-envelope' });
  });

  it.each(['saga.dead-letters', 'secrets', 'a/b.commands', '__consumer_offsets', '.commands'])(
    'cannot be redriven to %s, even when it claims to come from there',
    (topic) => {
      expect(whyNotRedrivable({ ...letter, topic }, [topics])).toMatchObject({ reason: 'no-such-topic' });
    },
  );

  it('can be redriven to the replies of a former name only while that is read, and the rejection names the setting', () => {
    const topic = 'orchestrator.replies.inventory';
    const shop = topicsOf({ orchestrator: 'shop' });
    expect(whyNotRedrivable({ ...letter, topic }, [shop, topics])).toBeUndefined();
    const detail = expect.stringContaining("give it formerName: 'orchestrator'") as string;
    expect(whyNotRedrivable({ ...letter, topic }, [shop])).toEqual({ reason: 'no-such-topic', detail });
    expect(wasAnswered({ ...letter, topic: 'orchestrator.commands' }, [shop, topics])).toBe(false);
  });

  it('cannot be redriven when it was cut', () => {
    expect(whyNotRedrivable({ ...letter, cut: true }, [topics])).toMatchObject({ reason: 'cut' });
  });

  it.each([
    [{}, true],
    [{ topic: 'orchestrator.commands' }, false],
    [{ topic: 'orchestrator.replies.inventory' }, false],
    [{ reason: 'not-remembered' }, false],
    [{ messageId: undefined }, false],
  ])('with the fields %j counts as answered: %s', (changes, expected) => {
    expect(wasAnswered({ ...letter, ...changes }, [topics])).toBe(expected);
  });
});
