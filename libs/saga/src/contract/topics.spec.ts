import { CHILDREN, isOfSagas, partitionedAlike, topicsOf, useOf, type Topics } from './topics';
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

describe('topicsOf', () => {
  it('the names are the unchanged defaults when no name is configured', () => {
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

  it('the names of its own topics contain the name of the orchestrator', () => {
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

  it('all names begin with the prefix of the environment', () => {
    const plain = namesOf(topicsOf({ orchestrator: 'shop' }));
    const staging = namesOf(topicsOf({ orchestrator: 'shop', prefix: 'staging.' }));
    expect(staging).toEqual(plain.map((name) => `staging.${name}`));
  });

  it('topic names identify the participant of a reply topic and the database that claims the name', () => {
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
  ])('the topic decides whether dead letters of %s may be redriven: %s', (topic, expected) => {
    expect(topicsOf({ orchestrator: 'shop', prefix: 'staging.' }).mayBeRedriven(topic)).toBe(expected);
  });

  it.each([
    ['shop.commands', true],
    ['staging.shop.replies.payment', true],
    ['shop.acknowledgements', false],
    ['shop.dead-letters', false],
    ['payment.events', false],
  ])('the topic name shows whether %s has messages of sagas: %s', (topic, expected) => {
    expect(isOfSagas(topic)).toBe(expected);
  });

  it.each([
    [{ orchestrator: 'The Shop' }, '"The Shop" is not a valid name of an orchestrator'],
    [{ orchestrator: '' }, '"" is not a valid name of an orchestrator'],
    [{ orchestrator: 's'.repeat(101) }, 'at most 100'],
    [{ orchestrator: 'saga' }, 'cannot be named saga'],
    [{ prefix: 'staging/' }, '"staging/" is not a valid topic prefix'],
  ])('an invalid name is rejected with the remedy: %j', (naming, problem) => {
    expect(() => topicsOf(naming)).toThrow(problem);
  });

  it('a subscriber chooses the orchestrator whose lifecycle events it receives', () => {
    const topics = topicsOf({ orchestrator: 'shop' });
    expect(topics.eventsOf(sagaPaused.service)).toBe(topicsOf().lifecycle);
    expect(topics.eventsOf(publishedBy('shop', sagaPaused).service)).toBe(topics.lifecycle);
    expect(publishedBy('shop', sagaPaused).type).toBe(sagaPaused.type);
  });

  it.each([
    ['staging.shop.commands', 'commands'],
    ['orchestrator.replies.payment', 'replies'],
    ['payment.events', 'events'],
    ['orchestrator.acknowledgements', 'acknowledgements'],
    ['saga.dead-letters', 'dead-letters'],
    [topicsOf().claimOf('6b6a2c1e'), 'claim'],
    ['__consumer_offsets', undefined],
  ])('the topic name %s shows its use: %s', (topic, use) => {
    expect(useOf(topic)).toBe(use);
  });

  it('the topics that each orchestrator reads need the same number of partitions', () => {
    const [shop, other] = [topicsOf({ orchestrator: 'shop', prefix: 'staging.' }), topicsOf()];
    const [own, others] = [shop, other].map((topics) => [topics.commands, topics.repliesOf('payment')]);
    const services = [shop.commandsOf('payment'), shop.acknowledgements, shop.lifecycle];
    expect(partitionedAlike([...own!, ...others!, ...services])).toEqual([own, others]);
  });
});
