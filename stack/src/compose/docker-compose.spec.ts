import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { composeProblems } from '@palinode/test-support/compose-problems';
import { databaseNames } from '@palinode/test-support/shop/databases';
import { serverProperties } from '@palinode/test-support/kafka/server-properties';
import { kafkaVersion } from '@palinode/test-support/kafka/jars';
import { repositoryRoot } from '@palinode/test-support/repository';
import { environmentOf, eachService, serviceNames, usualPorts } from '@palinode/test-support/shop/services';

interface Container {
  image?: string;
  build?: { context: string; args: { SERVICE: string } };
  environment: Record<string, string | number>;
  ports: string[];
  volumes?: string[];
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: { test: string[] };
}

const read = (path: string): string => readFileSync(join(repositoryRoot, path), 'utf8');
const compose = parse(read('docker-compose.yml'), { merge: true }) as { services: Record<string, Container> };
const container = (name: string): Container => compose.services[name] as Container;
const dockerfile = read('Dockerfile');

describe('docker-compose.yml', () => {
  it('follows the Compose specification', () => {
    expect(composeProblems(read('docker-compose.yml'))).toEqual([]);
  });

  it('runs the services, PostgreSQL and Kafka', () => {
    expect(Object.keys(compose.services).toSorted()).toEqual(['kafka', 'postgres', ...serviceNames].toSorted());
  });

  it.each([...serviceNames])('starts %s only when all of its dependencies are healthy', (name) => {
    const conditions = Object.entries(container(name).depends_on ?? {});
    expect(conditions.map(([needed, { condition }]) => [needed, condition])).toEqual([
      ['kafka', 'service_healthy'],
      ['postgres', 'service_healthy'],
    ]);
  });

  it.each(Object.keys(compose.services))('checks the health of %s', (name) => {
    expect(container(name).healthcheck?.test[0]).toBe('CMD');
  });

  it.each([...serviceNames])('sets the same environment variables for %s as npm start', (name) => {
    const around = { ports: usualPorts, databases: eachService(() => ''), brokers: [], environment: {} };
    const variables = Object.keys(environmentOf(name, around)).filter((variable) => !(variable in process.env));
    // Variables for the parent process and the log level are not for containers; the image is a production build.
    const local = ['PALINODE_WITH_PARENT', 'LOG_LEVEL', 'NODE_ENV', 'FAULTS_URL'];
    const expected = variables.filter((variable) => !local.includes(variable));
    expect(Object.keys(container(name).environment)).toEqual(expect.arrayContaining(expected));
  });

  it.each([...serviceNames])('gives %s its own database and the addresses of containers', (name) => {
    const { DATABASE_URL, KAFKA_BROKERS, PORT } = container(name).environment;
    const role = `palinode_${name}`;
    expect(databaseNames).toContain(role);
    expect(DATABASE_URL).toBe(`postgres://${role}:${role}@postgres:5432/${role}`);
    expect(read(initScript())).toContain(`CREATE ROLE ${role} LOGIN PASSWORD '${role}'`);
    expect(read(initScript())).toContain(`CREATE DATABASE ${role} OWNER ${role}`);
    expect(container('kafka').environment['KAFKA_ADVERTISED_LISTENERS']).toContain(`//${KAFKA_BROKERS},`);
    expect(container(name).ports).toEqual([`127.0.0.1:${PORT}:${PORT}`]);
    expect(PORT).toBe(usualPorts[name]);
  });

  it.each([...serviceNames])('gives every service the address of %s', (name) => {
    for (const other of serviceNames) {
      const url = container(other).environment[`SERVICE_URL_${name.toUpperCase()}`];
      expect(url).toBe(`http://${name}:${usualPorts[name]}`);
      expect(String(container(name).environment['ALLOWED_HOSTS']).split(',')).toContain(name);
    }
  });

  it('gives the order service the gRPC address of inventory', () => {
    const { GRPC_PORT } = container('inventory').environment;
    expect(GRPC_PORT).toBe(usualPorts.inventoryGrpc);
    expect(container('order').environment['GRPC_URL_INVENTORY']).toBe(`inventory:${GRPC_PORT}`);
  });

  it('publishes ports only on the loopback interface', () => {
    const published = Object.values(compose.services).flatMap(({ ports }) => ports);
    expect(published.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
  });

  it('configures the broker like the one of the tests', () => {
    const place = { port: 1, controllerPort: 2, logDirectory: '/data' };
    const names = serverProperties(place)
      .trim()
      .split('\n')
      .map((line) => line.split('=')[0] as string);
    const variables = names.map((name) => `KAFKA_${name.toUpperCase().replaceAll('.', '_')}`);
    const optional = ['KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS'];
    const missing = variables.filter((name) => !(name in container('kafka').environment) && !optional.includes(name));
    expect(missing).toEqual([]);
    expect(container('kafka').image).toBe(`apache/kafka:${kafkaVersion}`);
  });

  it('mounts files that exist', () => {
    expect(existsSync(join(repositoryRoot, initScript()))).toBe(true);
  });
});

describe('the Dockerfile', () => {
  it.each([...serviceNames])('runs the entry point of %s', (name) => {
    const entry = /exec node \S* (dist\S*main\.js)/.exec(dockerfile)?.[1]?.replace('$SERVICE', name);
    expect(entry).toBe(`dist/apps/${name}/src/main.js`);
    expect(existsSync(join(repositoryRoot, `apps/${name}/src/main.ts`))).toBe(true);
    expect(container(name).build).toEqual({ context: '.', args: { SERVICE: name } });
  });

  it('copies files that exist and runs scripts that exist', () => {
    const copied = /^COPY (package.*) \.\/$/m.exec(dockerfile)?.[1]?.split(' ') ?? [];
    expect(copied.length).toBeGreaterThan(0);
    expect(copied.filter((file) => !existsSync(join(repositoryRoot, file)))).toEqual([]);
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    expect(scripts[/npm run (\S+)/.exec(dockerfile)?.[1] as string]).toBeDefined();
  });

  it('does not run services as root', () => {
    expect(dockerfile.slice(dockerfile.lastIndexOf('FROM'))).toContain('USER node');
  });
});

function initScript(): string {
  const mount = container('postgres').volumes?.find((volume) => volume.includes('initdb.d')) as string;
  return mount.split(':')[0] as string;
}
