import { ApacheKafka } from '@palinode/test-support/kafka/apache-kafka';
import { describeWhenAvailable } from '@palinode/test-support/available-or-skipped';
import { describeBroker } from './broker-conformance';
import type { BrokerUnderTest } from './broker-under-test';

async function startApacheKafka(): Promise<BrokerUnderTest> {
  const kafka = await ApacheKafka.start({});
  return {
    brokers: [kafka.address],
    kill9: () => kafka.kill(),
    restart: () => kafka.restart(),
    stop: () => kafka.stop(),
  };
}

describeWhenAvailable('the reference', ApacheKafka.missing(), () => {
  describeBroker('Apache Kafka', startApacheKafka);
});
