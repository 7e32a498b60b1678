import { ApacheKafka } from '@palinode/test-support/kafka/apache-kafka';
import { describeWhenAvailable } from '@palinode/test-support/available-or-skipped';
import { describeOutages } from './describe-outages';
import { extentOf } from './extent';

const { seed, outages, brokers } = extentOf('embedded');

describe('the shop without one of its services on the embedded broker', () =>
  describeOutages('embedded', outages, seed));

// A hold knows nothing of brokers: the long run is enough for the other one.
if (brokers.includes('apache'))
  describeWhenAvailable('the shop without one of its services on Apache Kafka', ApacheKafka.missing(), () =>
    describeOutages('apache', outages, seed),
  );
