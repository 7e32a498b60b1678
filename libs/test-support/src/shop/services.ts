import { join } from 'node:path';
import { repositoryRoot } from '../repository';

export const serviceNames = ['order', 'payment', 'inventory', 'notifications', 'reporting', 'orchestrator'] as const;
export type ServiceName = (typeof serviceNames)[number];

/** The usual ports. */
export const usualPorts = {
  orchestrator: 3000,
  order: 3001,
  payment: 3002,
  inventory: 3003,
  notifications: 3004,
  reporting: 3005,
  inventoryGrpc: 3013,
  postgres: 5442,
  broker: 9192,
} as const;

export const builtEntry = (service: ServiceName): string => join(repositoryRoot, 'dist/apps', service, 'src/main.js');

/** Every port of every service; inventory serves gRPC in addition to HTTP. */
export type ServicePorts = Record<ServiceName | 'inventoryGrpc', number>;

/** A value for each service. */
export function eachService<T>(value: (service: ServiceName) => T): Record<ServiceName, T> {
  return Object.fromEntries(serviceNames.map((name) => [name, value(name)])) as Record<ServiceName, T>;
}

export type Variables = Readonly<Record<string, string>>;

export interface StackAddresses {
  readonly ports: ServicePorts;
  readonly databases: Record<ServiceName, string>;
  readonly brokers: readonly string[];
  /** Further variables, for every service or for each of its own. */
  readonly environment: Variables | ((service: ServiceName) => Variables);
}

/** The environment of a service. */
export function environmentOf(service: ServiceName, addresses: StackAddresses): NodeJS.ProcessEnv {
  const urls = serviceNames.map((name) => [`SERVICE_URL_${name.toUpperCase()}`, urlOf(addresses.ports[name])]);
  const { environment } = addresses;
  return {
    ...process.env,
    NODE_ENV: process.env.NODE_ENV ?? 'development',
    LOG_LEVEL: process.env.LOG_LEVEL ?? 'info',
    ...(Object.fromEntries(urls) as Record<string, string>),
    PUBLIC_URL_ORCHESTRATOR: urlOf(addresses.ports.orchestrator),
    CONSOLE_SHOP: 'on',
    // Its ports are those of this machine only, also where a bench runs it as production.
    ADMIN_ACCESS: 'open',
    GRPC_URL_INVENTORY: `127.0.0.1:${addresses.ports.inventoryGrpc}`,
    ...faults(addresses),
    ...(typeof environment === 'function' ? environment(service) : environment),
    PORT: String(addresses.ports[service]),
    HOST: '127.0.0.1',
    DATABASE_URL: addresses.databases[service],
    KAFKA_BROKERS: addresses.brokers.join(','),
    ...(service === 'inventory' ? { GRPC_PORT: String(addresses.ports.inventoryGrpc) } : {}),
    PALINODE_WITH_PARENT: '1',
  };
}

/** Faults on demand are armed at the orchestrator; production has none. */
function faults({ ports }: StackAddresses): NodeJS.ProcessEnv {
  return process.env.NODE_ENV === 'production' ? {} : { FAULTS_URL: urlOf(ports.orchestrator) };
}

export const urlOf = (port: number): string => `http://127.0.0.1:${port}`;
