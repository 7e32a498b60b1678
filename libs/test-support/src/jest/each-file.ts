import { releasePorts } from '../network/ports';
import { noteTimeSpent } from '../time-spent';

// Only hanging tests reach this limit; no test may depend on the machine's speed. (Jest's option testTimeout is not for
// projects.)
jest.setTimeout(300_000);

afterAll(() => noteTimeSpent(expect.getState().testPath ?? ''));

afterAll(releasePorts);
