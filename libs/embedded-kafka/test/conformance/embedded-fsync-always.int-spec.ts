import { describeBroker } from './broker-conformance';
import { EmbeddedBrokerProcess } from './embedded-broker-process';

describeBroker('the embedded broker with fsync always', () => EmbeddedBrokerProcess.start(['--fsync', 'always']));
