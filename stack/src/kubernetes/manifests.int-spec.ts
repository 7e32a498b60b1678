/* deploy/kubernetes, rendered by Kustomize, against the schemas of Kubernetes and against the code of the services. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { neededTopics } from '@palinode/saga/asyncapi';
import { readEnvironment, ServiceEnvironment, STOP_TIMEOUT_MS } from '@palinode/service';
import { describeWhenAvailable } from '@palinode/test-support/available-or-skipped';
import { KubernetesTools } from '@palinode/test-support/kubernetes/kubernetes-tools';
import { repositoryRoot } from '@palinode/test-support/repository';
import { serviceNames, type ServiceName } from '@palinode/test-support/shop/services';
import { getMetadataStorage } from 'class-validator';
import { InventoryEnvironment } from '../../../apps/inventory/src/inventory-environment';
import { OrchestratorEnvironment } from '../../../apps/orchestrator/src/orchestrator-environment';
import { OrderEnvironment } from '../../../apps/order/src/order-environment';
import { PaymentEnvironment } from '../../../apps/payment/src/payment-environment';
import { shop } from '../../../protocol/src/asyncapi/shop';
import { Manifests } from './manifests';

const ENVIRONMENTS: Record<ServiceName, new () => ServiceEnvironment> = {
  orchestrator: OrchestratorEnvironment,
  order: OrderEnvironment,
  payment: PaymentEnvironment,
  inventory: InventoryEnvironment,
  notifications: ServiceEnvironment,
  reporting: ServiceEnvironment,
};

const read = (path: string): string => readFileSync(join(repositoryRoot, path), 'utf8');
const kustomization = (name: string): string => join(repositoryRoot, 'deploy/kubernetes', name);

describeWhenAvailable('deploy/kubernetes', KubernetesTools.missing(), () => {
  let tools: KubernetesTools;
  const rendered = new Map<string, string>();
  let example: Manifests;

  beforeAll(async () => {
    tools = await KubernetesTools.fetched();
    for (const name of ['base', 'example']) rendered.set(name, tools.render(kustomization(name)));
    example = new Manifests(rendered.get('example')!);
  });

  /** With a file of this machine in place of one that the cluster mounts. */
  const variablesOf = (service: ServiceName) => {
    const variables = example.variables(service, 'postgres://postgres/palinode');
    return 'ADMIN_KEYS_FILE' in variables ? { ...variables, ADMIN_KEYS_FILE: __filename } : variables;
  };

  it.each(['base', 'example'])('has only valid resources in %s', (name) => {
    expect(tools.problems(rendered.get(name)!)).toEqual([]);
  });

  it.each(['base', 'example'])('would find a misspelt field in %s', (name) => {
    expect(tools.problems(rendered.get(name)!.replace('maxUnavailable: 1', 'maxUnavailabel: 1'))).toHaveLength(1);
  });

  it('runs every service of the shop', () => {
    for (const kind of ['Deployment', 'Service', 'PodDisruptionBudget'] as const)
      expect(example.names(kind)).toEqual(serviceNames.toSorted());
  });

  describe.each([...serviceNames])('the %s service', (service) => {
    it('gets only variables that it knows, with values that it accepts', () => {
      const variables = variablesOf(service);
      const known = getMetadataStorage()
        .getTargetValidationMetadatas(ENVIRONMENTS[service], '', false, false)
        .map(({ propertyName }) => propertyName);
      expect(Object.keys(variables).filter((name) => !known.includes(name))).toEqual([]);
      expect(() => readEnvironment(ENVIRONMENTS[service], variables)).not.toThrow();
    });

    it('is found by its selectors', () => {
      const selectors = [
        example.spec('Deployment', service).selector.matchLabels,
        example.spec('Service', service).selector,
        example.spec('PodDisruptionBudget', service).selector.matchLabels,
      ];
      for (const selector of selectors) expect(selector).toEqual({ 'app.kubernetes.io/name': service });
      expect(example.pod(service).metadata.labels).toMatchObject(selectors[0]!);
    });

    it('listens on the ports of its Service', () => {
      const { PORT, GRPC_PORT } = variablesOf(service);
      const listening = { http: Number(PORT), ...(GRPC_PORT === undefined ? {} : { grpc: Number(GRPC_PORT) }) };
      const ports = example.container(service).ports.map(({ name, containerPort }) => [name, containerPort] as const);
      expect(Object.fromEntries(ports)).toEqual(listening);
      const targets = example.spec('Service', service).ports.map(({ targetPort }) => targetPort);
      expect(targets).toEqual(Object.keys(listening));
    });

    it('answers its probes', () => {
      const { startupProbe, livenessProbe, readinessProbe } = example.container(service);
      const probed = [startupProbe, livenessProbe, readinessProbe].map(({ httpGet }) => httpGet);
      expect(probed).toEqual(['/livez', '/livez', '/readyz'].map((path) => ({ path, port: 'http' })));
      const controller = read('libs/service/src/health/health.controller.ts');
      for (const { path } of probed) expect(controller).toContain(`@Get('${path.slice(1)}')`);
    });

    it('has the time to stop in order', () => {
      const { terminationGracePeriodSeconds: graceSeconds } = example.pod(service).spec;
      const { seconds } = example.container(service).lifecycle.preStop.sleep;
      expect(graceSeconds * 1_000).toBeGreaterThan(seconds * 1_000 + STOP_TIMEOUT_MS);
      const { HANDLER_TIMEOUT_MS } = readEnvironment(ENVIRONMENTS[service], variablesOf(service));
      expect(HANDLER_TIMEOUT_MS).toBeLessThan(STOP_TIMEOUT_MS);
    });

    it('runs without rights, as the user of its image', () => {
      const { securityContext, automountServiceAccountToken } = example.pod(service).spec;
      expect({ automountServiceAccountToken, ...securityContext }).toEqual({
        automountServiceAccountToken: false,
        runAsNonRoot: true,
        runAsUser: 1000,
        runAsGroup: 1000,
        seccompProfile: { type: 'RuntimeDefault' },
      });
      expect(example.container(service).securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      expect(read('Dockerfile')).toContain('\nUSER node\n');
    });
  });

  it('lets the order service reach the availability check of the inventory service', () => {
    const [host = '', port] = variablesOf('order')['GRPC_URL_INVENTORY']?.split(':') ?? [];
    const grpc = { name: 'grpc', port: Number(port) };
    expect(example.spec('Service', host).ports).toContainEqual(expect.objectContaining(grpc));
  });

  it('denies everything that no network policy allows', () => {
    expect(example.spec('NetworkPolicy', 'deny-all')).toEqual({
      podSelector: {},
      policyTypes: ['Ingress', 'Egress'],
    });
  });

  it('allows access to ports that the pods have, and to the admin API for administrators only', () => {
    const allowed = example.all('NetworkPolicy').flatMap(({ metadata, spec: { podSelector, ingress = [] } }) => {
      const { matchLabels = {}, matchExpressions = [] } = podSelector;
      const services = [...Object.values(matchLabels), ...matchExpressions.flatMap(({ values }) => values)];
      return ingress.flatMap(({ ports }) =>
        ports.flatMap(({ port }) => services.map((service) => ({ policy: metadata.name, service, port }))),
      );
    });
    expect(allowed).toEqual(
      expect.arrayContaining([
        { policy: 'admin', service: 'orchestrator', port: 'http' },
        { policy: 'orders', service: 'order', port: 'http' },
      ]),
    );
    for (const { service, port } of allowed)
      expect(example.container(service).ports.map(({ name }) => name)).toContain(port);
    expect(allowed.filter(({ policy, service }) => service === 'orchestrator' && policy !== 'admin')).toEqual([]);
    expect(example.spec('NetworkPolicy', 'admin').ingress).toMatchObject([
      { from: [{ podSelector: { matchLabels: { 'palinode.example/admin': 'true' } } }] },
    ]);
  });

  describe('autoscaling', () => {
    const topics = neededTopics(shop).map(({ name }) => name);
    const scaled = serviceNames.filter((name) => name !== 'reporting');
    const triggersOf = (service: string): readonly string[] =>
      example.spec('ScaledObject', service).triggers.map(({ metadata }) => String(metadata['topic']));

    it('leaves out only the service whose group changes its name', () => {
      expect(example.names('ScaledObject')).toEqual(scaled.toSorted());
    });

    it.each([...scaled])('starts at most as many instances of %s as a topic has partitions', (service) => {
      const { scaleTargetRef, maxReplicaCount } = example.spec('ScaledObject', service);
      expect(scaleTargetRef.name).toBe(service);
      expect(maxReplicaCount).toBe(Number(variablesOf(service)['KAFKA_PARTITIONS']));
      expect(example.spec('Deployment', service).replicas).toBeUndefined();
    });

    it.each([...scaled])('measures the lag of %s on topics that exist, at the same broker', (service) => {
      for (const { metadata } of example.spec('ScaledObject', service).triggers) {
        const bootstrapServers = variablesOf(service)['KAFKA_BROKERS'];
        expect(metadata).toMatchObject({ bootstrapServers, consumerGroup: service });
      }
      expect(triggersOf(service).filter((topic) => !topics.includes(topic))).toEqual([]);
    });

    it('measures what the orchestrator and a participant read', () => {
      expect(triggersOf('payment')).toEqual(['payment.commands']);
      const read = topics.filter((topic) => /^orchestrator\.(commands|replies\.(?!orchestrator))/.test(topic));
      expect(triggersOf('orchestrator').toSorted()).toEqual(read.toSorted());
    });
  });
});
