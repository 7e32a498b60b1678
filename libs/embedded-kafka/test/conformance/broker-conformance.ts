import { describeAdmin } from './admin-conformance';
import type { BrokerUnderTest, Conformance } from './broker-under-test';
import { Clients } from './clients';
import { describeDurability } from './durability-conformance';
import { describeGroups } from './group-conformance';
import { describeHostility } from './hostility-conformance';
import { describeMessages } from './message-conformance';

/** What Palinode expects of a broker. It runs on the embedded broker and on Apache Kafka. */
export function describeBroker(name: string, start: () => Promise<BrokerUnderTest>): void {
  describe(name, () => {
    let broker: BrokerUnderTest | undefined;
    let clients: Clients;

    beforeAll(async () => {
      broker = await start();
    });
    beforeEach(() => {
      clients = new Clients(broker!.brokers);
    });
    afterEach(() => clients.close());
    afterAll(async () => {
      await broker?.stop();
    });

    const conformance: Conformance = { broker: () => broker!, clients: () => clients };
    describe('administration', () => describeAdmin(conformance));
    describe('messages', () => describeMessages(conformance));
    describe('groups', () => describeGroups(conformance));
    describe('hostile clients', () => describeHostility(conformance));
    describe('kill -9', () => describeDurability(conformance));
  });
}
