import { SagaError } from '../contract';

/** A saga under test did not do what the test expects of it, or the test asks for what cannot happen. */
export class SagaTestError extends SagaError {
  readonly code = 'saga-test';
}
