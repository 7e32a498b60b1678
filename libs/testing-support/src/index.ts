export { startTestStack, type TestStack, type TestStackOptions } from './test-stack';
export { DeadlineError, GiveUp, waitUntil, type Condition, type WaitOptions } from './wait-until';
