import { describeWhenAvailable } from '../../libs/embedded-kafka/src/testing/available-or-skipped';
import { ApacheKafka } from '../../stack/src/apache-kafka/apache-kafka';
import { describeShop } from './describe-shop';

describeWhenAvailable('the shop on Apache Kafka', ApacheKafka.missing(), () => describeShop('apache'));
