export { AdminModule } from './admin-module';
export { SagaReader } from './saga-reader';
