export { AdminModule } from './admin-module';
export { flowchartOf } from './flowchart';
export { SagaReader } from './saga-reader';
