export {
  accessKeys,
  type AccessKeysOptions,
  type Access,
  type AccessRequest,
  type Identity,
  type OpenAccess,
  type Role,
} from './access';
export { AdminModule, type AdminOptions } from './admin.module';
export { describeAdminApi } from './describe-admin-api';
