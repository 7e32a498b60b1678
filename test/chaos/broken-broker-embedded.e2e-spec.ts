import { describeBrokenBroker } from './describe-broken-broker';
import { extentOf } from './extent';

const { seed, broken } = extentOf('embedded');
describe('a shop on an embedded broker that breaks', () => describeBrokenBroker('embedded', { seed, ...broken }));
