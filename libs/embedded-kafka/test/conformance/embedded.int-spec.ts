import { describeBroker } from './broker-conformance';
import { EmbeddedBrokerProcess } from './embedded-broker-process';

describeBroker('the embedded broker', () => EmbeddedBrokerProcess.start());
