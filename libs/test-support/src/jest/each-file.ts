import { releasePorts } from '@palinode/testing-support/ports';
import { observeWaits } from '@palinode/testing-support/waits';
import { noteTimeSpent, timed } from '../time-spent';

observeWaits(timed);

// Only hanging tests reach this limit; no test may depend on the machine's speed. (Jest's option testTimeout is not for
// projects.)
jest.setTimeout(300_000);

afterAll(() => noteTimeSpent(expect.getState().testPath ?? ''));

afterAll(releasePorts);
