import { describeWhenAvailable } from '@palinode/test-support/available-or-skipped';
import { ApacheKafka } from '@palinode/test-support/kafka/apache-kafka';
import { describeBrokenBroker } from './describe-broken-broker';
import { extentOf } from './extent';

const { seed, broken } = extentOf('apache');
describeWhenAvailable('the shop on an Apache Kafka that fails', ApacheKafka.missing(), () =>
  describeBrokenBroker('apache', { seed, ...broken }),
);
