import { SagaError } from '../contract';

/** A tested saga differs from the test's expectation, or the test requests something impossible. */
export class SagaTestError extends SagaError {
  readonly code = 'saga-test';
}
