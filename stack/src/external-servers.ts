import { eachService, type ServiceName, serviceNames } from '@palinode/test-support/shop/services';

export interface ExternalServers {
  readonly broker?: { readonly brokers: readonly string[] };
  readonly databases?: Record<ServiceName, string>;
}

/** The external servers that the environment names: all databases, or none. */
export function externalServers(environment: NodeJS.ProcessEnv): ExternalServers {
  const brokers = (environment.KAFKA_BROKERS ?? '').split(',').map((address) => address.trim());
  const given = brokers.filter((address) => address !== '');
  const databases = databasesIn(environment);
  return { ...(given.length > 0 && { broker: { brokers: given } }), ...(databases && { databases }) };
}

function databasesIn(environment: NodeJS.ProcessEnv): Record<ServiceName, string> | undefined {
  const missing = serviceNames.filter((name) => !environment[variable(name)]);
  if (missing.length === serviceNames.length) return undefined;
  if (missing.length > 0) {
    throw new Error(
      `Some databases are given, but not ${missing.map(variable).join(', ')}: give all six, or none for the embedded one.`,
    );
  }
  return eachService((name) => environment[variable(name)] as string);
}

const variable = (service: ServiceName): string => `DATABASE_URL_${service.toUpperCase()}`;
