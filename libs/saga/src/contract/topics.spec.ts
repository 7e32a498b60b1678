import { CHILDREN, isOfSagas, topicsOf, type Topics } from './topics';
import { publishedBy } from './event';
import { sagaPaused } from './lifecycle';

const namesOf = (topics: Topics): readonly string[] => [
  topics.commands,
  topics.acknowledgements,
  topics.deadLetters,
  topics.lifecycle,
  topics.commandsOf('payment'),
  topics.repliesOf('payment'),
  topics.repliesOf(CHILDREN),
  topics.eventsOf('payment'),
  topics.claimOf('7d1f'),
  topics.ownGroup,
  topics.deadLetterGroup,
  topics.group('payment'),
];

describe('the names on a cluster', () => {
  it('are those that they have always been where nobody gives any', () => {
    expect(namesOf(topicsOf())).toEqual([
      'orchestrator.commands',
      'orchestrator.acknowledgements',
      'saga.dead-letters',
      'saga.events',
      'payment.commands',
      'orchestrator.replies.payment',
      'orchestrator.replies.orchestrator',
      'payment.events',
      'orchestrator.database.7d1f',
      'orchestrator',
      'orchestrator.dead-letters',
      'payment',
    ]);
  });

  it('carry the name of the orchestrator where they are its own', () => {
    expect(namesOf(topicsOf({ orchestrator: 'shop' }))).toEqual([
      'shop.commands',
      'shop.acknowledgements',
      'shop.dead-letters',
      'shop.events',
      'payment.commands',
      'shop.replies.payment',
      'shop.replies.orchestrator',
      'payment.events',
      'shop.database.7d1f',
      'shop',
      'shop.dead-letters',
      'payment',
    ]);
  });

  it('begin with the prefix of the environment, all of them', () => {
    const plain = namesOf(topicsOf({ orchestrator: 'shop' }));
    const staging = namesOf(topicsOf({ orchestrator: 'shop', prefix: 'staging.' }));
    expect(staging).toEqual(plain.map((name) => `staging.${name}`));
  });

  it('tell who replies by a topic, and which database claims the name by it', () => {
    const topics = topicsOf({ orchestrator: 'shop', prefix: 'staging.' });
    expect(topics.whoRepliesBy('staging.shop.replies.payment')).toBe('payment');
    expect(topics.whoRepliesBy('shop.replies.payment')).toBeUndefined();
    expect(topics.whoRepliesBy('staging.travel.replies.payment')).toBeUndefined();
    expect(topics.claimedBy('staging.shop.database.7d1f')).toBe('7d1f');
    expect(topics.claimedBy('shop.database.7d1f')).toBeUndefined();
  });

  it.each([
    ['staging.payment.commands', true],
    ['staging.payment.events', true],
    ['staging.shop.replies.payment', true],
    ['staging.travel.replies.payment', false],
    ['staging.shop.dead-letters', false],
    ['payment.commands', false],
  ])('say whether dead letters of %s may be sent again: %s', (topic, expected) => {
    expect(topicsOf({ orchestrator: 'shop', prefix: 'staging.' }).mayBeRedriven(topic)).toBe(expected);
  });

  it.each([
    ['shop.commands', true],
    ['staging.shop.replies.payment', true],
    ['shop.acknowledgements', false],
    ['shop.dead-letters', false],
    ['payment.events', false],
  ])('say whether %s has messages of sagas: %s', (topic, expected) => {
    expect(isOfSagas(topic)).toBe(expected);
  });

  it.each([
    [{ orchestrator: 'The Shop' }, '"The Shop" is no name of an orchestrator'],
    [{ orchestrator: '' }, '"" is no name of an orchestrator'],
    [{ orchestrator: 's'.repeat(101) }, 'at most 100'],
    [{ orchestrator: 'saga' }, 'cannot be named saga'],
    [{ prefix: 'staging/' }, '"staging/" cannot stand before topics'],
  ])('are refused with the remedy when they are %j', (naming, problem) => {
    expect(() => topicsOf(naming)).toThrow(problem);
  });

  it('let a subscriber name the orchestrator whose sagas it wants to know of', () => {
    const topics = topicsOf({ orchestrator: 'shop' });
    expect(topics.eventsOf(sagaPaused.service)).toBe(topicsOf().lifecycle);
    expect(topics.eventsOf(publishedBy('shop', sagaPaused).service)).toBe(topics.lifecycle);
    expect(publishedBy('shop', sagaPaused).type).toBe(sagaPaused.type);
  });
});
