import { describeWhenAvailable } from '../../libs/embedded-kafka/src/testing/available-or-skipped';
import { ApacheKafka } from '../../stack/src/apache-kafka/apache-kafka';
import { describeChaos } from './describe-chaos';
import { extentOf } from './extent';

describeWhenAvailable('chaos on Apache Kafka', ApacheKafka.missing(), () =>
  describeChaos('apache', extentOf('apache')),
);
