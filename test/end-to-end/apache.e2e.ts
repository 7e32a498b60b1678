import { ApacheKafka } from '../../stack/src/apache-kafka/apache-kafka';
import { describeShop } from './describe-shop';

const missing = ApacheKafka.missing();

if (missing === undefined) describe('the shop on Apache Kafka', () => describeShop('apache'));
else if (process.env['CI'] === 'true') {
  it('runs on Apache Kafka', () => {
    throw new Error(missing);
  });
} else {
  console.warn(`The shop was not run on Apache Kafka: ${missing}`);
  describe.skip('the shop on Apache Kafka', () => {
    it('needs Java and Maven', () => undefined);
  });
}
