import { parseArgs } from 'node:util';
import { IsString } from 'class-validator';
import { defineEvent } from '../contract';
import { placeOrder } from '../../test/sample-saga';
import { aclCommands, strimziUsers } from './acl-formats';
import { aclsOf, type Acl, type SecuredSystem } from './acls';

class StockLow {
  @IsString() sku!: string;
}
const stockLow = defineEvent('inventory.stock-low', { payload: StockLow, subject: ({ sku }) => sku });

const services = [
  { name: 'order', starts: [{}] },
  { name: 'inventory', publishes: [stockLow] },
  { name: 'mails', subscribes: [{ group: 'mails', events: [stockLow] }] },
];
const system: SecuredSystem = { orchestrators: [{ definitions: [placeOrder] }], services };

/** What a principal may do, one line for each resource. */
const rightsOf = (acls: readonly Acl[], name: string): string[] =>
  acls
    .filter(({ principal }) => principal === `User:${name}`)
    .map(
      (acl) =>
        `${acl.operations.filter((each) => each !== 'DescribeConfigs').join('+')} ${acl.resource} ${acl.name}${acl.pattern === 'prefixed' ? '*' : ''}`,
    );

describe('the ACLs of a system', () => {
  const acls = aclsOf(system);

  it('let a participant read its commands, answer and dead-letter, and nothing else', () => {
    expect(rightsOf(acls, 'payment')).toEqual([
      'Read group payment',
      'Read topic orchestrator.acknowledgements',
      'Describe topic orchestrator.commands',
      'Write topic orchestrator.replies.payment',
      'Read topic payment.commands',
      'Write topic saga.dead-letters',
    ]);
  });

  it('let only services that start sagas write to the orchestrator', () => {
    const writers = acls.filter(
      ({ name, operations }) => name === 'orchestrator.commands' && operations.includes('Write'),
    );
    expect(writers.map(({ principal }) => principal)).toEqual(['User:orchestrator', 'User:order']);
  });

  it('let a subscriber read its events in its group, and dead-letter', () => {
    expect(rightsOf(acls, 'mails')).toEqual([
      'Read group mails',
      'Read topic inventory.events',
      'Write topic saga.dead-letters',
    ]);
  });

  it('let the orchestrator redrive the events of subscribers, and claim its name', () => {
    expect(rightsOf(acls, 'orchestrator')).toEqual(
      expect.arrayContaining(['Read+Write topic inventory.events', 'Create+Describe topic orchestrator.database.*']),
    );
  });

  it('let the orchestrator see how far participants have come, and not join them', () => {
    expect(rightsOf(acls, 'orchestrator')).toContain('Describe group payment');
  });

  it('let every principal read the settings of its topics, which a start checks', () => {
    const topics = acls.filter(({ resource, pattern }) => resource === 'topic' && pattern === 'literal');
    expect(topics.filter(({ operations }) => !operations.includes('DescribeConfigs'))).toEqual([]);
  });

  it('have the names of orchestrators and the prefix of the environment in every resource', () => {
    const named = aclsOf({
      ...system,
      orchestrators: [{ name: 'shop', definitions: [placeOrder] }],
      services: [{ name: 'order', starts: [{ orchestrator: 'shop' }] }, ...services.slice(1)],
      prefix: 'staging.',
    });
    expect(rightsOf(named, 'payment')).toEqual([
      'Read group staging.payment',
      'Read topic staging.payment.commands',
      'Read topic staging.shop.acknowledgements',
      'Describe topic staging.shop.commands',
      'Write topic staging.shop.dead-letters',
      'Write topic staging.shop.replies.payment',
    ]);
    expect(named.filter(({ name }) => !name.startsWith('staging.'))).toEqual([]);
  });

  it.each([
    { starts: [{ orchestrator: 'shop' }] },
    { subscribes: [{ group: 'mails', events: [], orchestrator: 'shop' }] },
  ])('are refused when a service names an orchestrator that the system does not have: %j', (named) => {
    const orchestrators = ['trips', 'hotels'].map((name) => ({ name, definitions: [placeOrder] }));
    const system = { orchestrators: orchestrators as never, services: [{ name: 'order', ...named }] };
    expect(() => aclsOf(system)).toThrow(
      'The service order names the orchestrator shop; the system has trips, hotels.',
    );
  });

  it('are refused when a service starts a saga of the default orchestrator, which has another name', () => {
    const system = { orchestrators: [{ name: 'shop', definitions: [placeOrder] }] as const };
    expect(() => aclsOf({ ...system, services: [{ name: 'order', starts: [{}] }] })).toThrow(
      'The service order names the orchestrator orchestrator; the system has shop.',
    );
  });

  it('let a participant answer each of several orchestrators', () => {
    const several = aclsOf({
      orchestrators: [
        { name: 'shop', definitions: [placeOrder] },
        { name: 'travel', definitions: [placeOrder] },
      ],
    });
    expect(rightsOf(several, 'payment')).toEqual(
      expect.arrayContaining(['Write topic shop.replies.payment', 'Write topic travel.replies.payment']),
    );
    expect(rightsOf(several, 'travel').join()).not.toContain('shop.replies');
  });

  it('let services create their topics only on request', () => {
    const creating = aclsOf({ ...system, createTopics: true });
    expect(rightsOf(creating, 'payment')).toContain('Create+Write topic orchestrator.replies.payment');
    expect(rightsOf(acls, 'payment').join()).not.toContain('Create');
  });

  it('are printed as commands, one for all resources with the same rights', () => {
    const mails = aclsOf({ ...system, principalOf: (name) => `User:CN=${name}, O=Shop` }).filter(({ principal }) =>
      principal.includes('CN=mails'),
    );
    expect(aclCommands(mails, { bootstrapServer: 'kafka:9093', commandConfig: 'admin.properties' })).toEqual([
      "kafka-acls.sh --bootstrap-server kafka:9093 --command-config admin.properties --add --allow-principal 'User:CN=mails, O=Shop' --operation Read --group mails",
      "kafka-acls.sh --bootstrap-server kafka:9093 --command-config admin.properties --add --allow-principal 'User:CN=mails, O=Shop' --operation DescribeConfigs --operation Read --topic inventory.events",
      "kafka-acls.sh --bootstrap-server kafka:9093 --command-config admin.properties --add --allow-principal 'User:CN=mails, O=Shop' --operation DescribeConfigs --operation Write --topic saga.dead-letters",
    ]);
    const prefixed = acls.filter(({ pattern }) => pattern === 'prefixed');
    expect(aclCommands(prefixed)[0]).toMatch(/--resource-pattern-type prefixed --topic orchestrator\.database\.$/);
  });

  it('are the same as commands', () => {
    const entries = acls.flatMap(({ operations, ...acl }) =>
      operations.map((each) => entry({ ...acl, operations: [each] })),
    );
    expect(aclCommands(acls).flatMap(entriesOf).toSorted()).toEqual(entries.toSorted());
  });

  it('are users of Strimzi', () => {
    expect(strimziUsers(acls, { cluster: 'kafka' }).at(-1)).toMatchObject({
      kind: 'KafkaUser',
      metadata: { name: 'payment', labels: { 'strimzi.io/cluster': 'kafka' } },
      spec: {
        authorization: {
          acls: expect.arrayContaining([
            {
              resource: { type: 'topic', name: 'payment.commands', patternType: 'literal' },
              operations: ['DescribeConfigs', 'Read'],
            },
          ]),
        },
      },
    });
  });
});

const entry = ({ principal, resource, pattern, name, operations }: Acl): string =>
  [principal, ...operations, resource, pattern, name].join(' ');

const words = { type: 'string' as const, multiple: true as const, default: [] as string[] };

/** What `kafka-acls.sh` does with this command: every operation on every resource. */
function entriesOf(command: string): string[] {
  const { values } = parseArgs({
    args: command.split(' ').slice(1),
    options: {
      add: { type: 'boolean' },
      'bootstrap-server': { type: 'string' },
      'allow-principal': { type: 'string', default: '' },
      'resource-pattern-type': { type: 'string', default: 'literal' },
      operation: words,
      topic: words,
      group: words,
    },
  });
  expect(values.add).toBe(true);
  const pattern = values['resource-pattern-type'] as Acl['pattern'];
  return (['topic', 'group'] as const).flatMap((resource) =>
    values[resource].flatMap((name) =>
      values.operation.map((operation) =>
        entry({
          principal: values['allow-principal'],
          resource,
          pattern,
          name,
          operations: [operation as Acl['operations'][number]],
        }),
      ),
    ),
  );
}
