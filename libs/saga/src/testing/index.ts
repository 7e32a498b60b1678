export { sagaTest, SagaTest, type SagaTestStart } from './saga-test';
export { SagaTestError } from './saga-test-error';
