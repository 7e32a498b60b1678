export { FaultsModule, type FaultsOptions } from './faults.module';
