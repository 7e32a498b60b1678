export { AdminModule, type AdminOptions } from './admin-module';
export { describeAdminApi } from './describe-admin-api';
export { flowchartOf } from './flowchart';
export { SagaReader } from './saga-reader';
