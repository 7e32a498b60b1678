import { describeWhenAvailable } from '@palinode/test-support/available-or-skipped';
import { ApacheKafka } from '@palinode/test-support/kafka/apache-kafka';
import { describeShop } from './describe-shop';

describeWhenAvailable('the shop on Apache Kafka', ApacheKafka.missing(), () => describeShop('apache'));
