import { describeWhenAvailable } from '@palinode/test-support/available-or-skipped';
import { ApacheKafka } from '@palinode/test-support/kafka/apache-kafka';
import { describeChaos } from './describe-chaos';
import { extentOf } from './extent';

describeWhenAvailable('the shop under chaos on Apache Kafka', ApacheKafka.missing(), () =>
  describeChaos('apache', extentOf('apache')),
);
