import { describeBrokenBroker } from './describe-broken-broker';
import { extentOf } from './extent';

const { seed, broken } = extentOf('embedded');
describe('the shop on an embedded broker that fails', () => describeBrokenBroker('embedded', { seed, ...broken }));
