export {
  ACCESS,
  identityOf,
  OpenToAll,
  ROLES,
  type Access,
  type AccessRequest,
  type Identity,
  type OpenAccess,
  type Role,
} from './access';
export { AccessGuard } from './access.guard';
export { accessKeys, AccessKeys, type AccessKeysOptions } from './access-keys';
