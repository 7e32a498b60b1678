import { describeBroker } from './broker-conformance';
import { EmbeddedBrokerProcess } from './embedded-broker-process';

jest.setTimeout(60_000);

describeBroker('the embedded broker with fsync always', () => EmbeddedBrokerProcess.start(['--fsync', 'always']));
