import { describeChaos } from './describe-chaos';
import { extentOf } from './extent';

describe('the shop under chaos on the embedded broker', () => describeChaos('embedded', extentOf('embedded')));
