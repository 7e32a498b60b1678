export { AdminModule, type AdminOptions } from './admin.module';
export { describeAdminApi } from './describe-admin-api';
