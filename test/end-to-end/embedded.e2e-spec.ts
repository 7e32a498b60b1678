import { describeShop } from './describe-shop';

describe('the shop on the embedded broker', () => describeShop('embedded'));
