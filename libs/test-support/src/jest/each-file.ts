import { noteTimeSpent } from '../time-spent';

// What hangs fails by this; no test may depend on how fast the machine is. (Jest's option testTimeout is not for projects.)
jest.setTimeout(300_000);

afterAll(() => noteTimeSpent(expect.getState().testPath ?? ''));
