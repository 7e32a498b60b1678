import type { DynamicModule } from '@nestjs/common';
import { EnvironmentError } from '../environment/read-environment';
import { connectionOf, type ServiceEnvironment } from '../environment/service-environment';

/**
 * Loads the fault module on request. Only this file imports it, so a production build does not contain it.
 * @throws EnvironmentError with NODE_ENV=production.
 */
export async function faultsOnDemand(service: string, environment: ServiceEnvironment): Promise<DynamicModule[]> {
  const { FAULTS_URL: url, DATABASE_URL: databaseUrl } = environment;
  if (url === undefined) return [];
  if (process.env['NODE_ENV'] === 'production')
    throw new EnvironmentError(['FAULTS_URL must not be set with NODE_ENV=production; faults are for development.']);
  const { FaultsModule } = await import('@palinode/saga/faults');
  return [FaultsModule.forRoot({ service, databaseUrl, url, connection: connectionOf(environment), isGlobal: true })];
}
