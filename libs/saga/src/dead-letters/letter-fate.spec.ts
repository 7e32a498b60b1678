import { topicsOf } from '../contract';
import { commandIdIn, outcomeOf, whyClosed, type SagaOfLetter } from './letter-fate';

const own = [topicsOf()];
const letter = { reason: 'handler-failed', topic: 'inventory.commands', messageId: 'c-1' };
const running: SagaOfLetter = { status: 'RUNNING', hasEnded: false, commandsUnderWay: ['c-1'] };

describe('an open dead letter', () => {
  it('stays open while its saga waits for the command, or attempts its step again', () => {
    expect(whyClosed(letter, running, own)).toBeUndefined();
  });

  it('is closed when its saga has passed the command, or has ended', () => {
    expect(whyClosed(letter, { ...running, commandsUnderWay: ['c-2'] }, own)).toBe('Its saga has passed this command.');
    expect(whyClosed(letter, { status: 'COMPENSATED', hasEnded: true, commandsUnderWay: [] }, own)).toBe(
      'Its saga is COMPENSATED.',
    );
  });

  it.each(['saga.events', 'order.events', 'travel.commands.dead'])(
    'stays open on %s, whose readers have not got it, however the saga about which it is stands',
    (topic) => {
      const ended = { status: 'COMPLETED', hasEnded: true, commandsUnderWay: [] };
      expect(whyClosed({ ...letter, topic, messageId: 'e-1' }, ended, own)).toBeUndefined();
    },
  );

  it('is closed with its saga when it is a reply or a request to the orchestrator', () => {
    const ended = { status: 'COMPLETED', hasEnded: true, commandsUnderWay: [] };
    for (const topic of ['orchestrator.replies.inventory', 'orchestrator.commands'])
      expect(whyClosed({ ...letter, topic }, ended, own)).toBe('Its saga is COMPLETED.');
  });

  it('stays open when it is no command and its saga has not ended', () => {
    const reply = { ...letter, topic: 'orchestrator.replies.inventory', messageId: 'r-1' };
    expect(whyClosed(reply, running, own)).toBeUndefined();
    expect(whyClosed({ ...letter, messageId: undefined }, running, own)).toBeUndefined();
  });

  it.each(['another-command', 'another-undone', 'foreign-reply-topic', 'foreign-saga', 'not-remembered'])(
    'stays open for an operator when its reason is %s',
    (reason) => {
      const ended = { status: 'COMPLETED', hasEnded: true, commandsUnderWay: [] };
      expect(whyClosed({ ...letter, reason }, ended, own)).toBeUndefined();
    },
  );
});

describe('a redriven message', () => {
  const answer = (kind: string): { commandId: string; kind: string } => ({ commandId: 'c-1', kind });

  it.each([
    ['inventory.commands', [], undefined],
    ['inventory.commands', [answer('replied')], 'handled'],
    ['inventory.commands', [answer('refused')], 'handled'],
    ['inventory.commands', [answer('failed')], 'failed-again'],
    ['inventory.commands', [{ commandId: 'c-2', kind: 'replied' }], undefined],
    ['orchestrator.replies.inventory', [answer('failed')], 'handled'],
    ['orchestrator.commands', [], 'handled'],
    ['order.events', [], undefined],
  ])('to %s with the answers %j is %s', (topic, answers, outcome) => {
    expect(outcomeOf(topic, 'c-1', answers, own)).toBe(outcome);
  });

  it('is a command by its own id, and answers one as a reply', () => {
    const value = Buffer.from('{"inreplyto":"c-1"}');
    expect(commandIdIn({ topic: 'inventory.commands', messageId: 'c-1', value: null }, own)).toBe('c-1');
    expect(commandIdIn({ topic: 'orchestrator.replies.inventory', messageId: 'r-1', value }, own)).toBe('c-1');
    const unread = { topic: 'orchestrator.replies.inventory', messageId: 'r-1', value: Buffer.from('{') };
    expect(commandIdIn(unread, own)).toBeUndefined();
  });
});
