import { describeChaos } from './describe-chaos';
import { extentOf } from './extent';

describe('chaos on the embedded broker', () => describeChaos('embedded', extentOf('embedded')));
