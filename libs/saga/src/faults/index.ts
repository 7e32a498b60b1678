export { FaultsModule, type FaultsModuleExtras, type FaultsOptions } from './faults.module';
