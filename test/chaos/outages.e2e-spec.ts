import { ApacheKafka } from '@palinode/test-support/kafka/apache-kafka';
import { describeWhenAvailable } from '@palinode/test-support/available-or-skipped';
import { describeOutages } from './describe-outages';
import { extentOf } from './extent';

const { seed, outages, brokers } = extentOf('embedded');

describe('the shop without one of its services on the embedded broker', () =>
  describeOutages('embedded', outages, seed));

// Holds do not depend on the broker: the long run is enough for Apache Kafka.
if (brokers.includes('apache'))
  describeWhenAvailable('the shop without one of its services on Apache Kafka', ApacheKafka.missing(), () =>
    describeOutages('apache', outages, seed),
  );
