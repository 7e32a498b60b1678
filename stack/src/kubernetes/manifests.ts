import { parseAllDocuments } from 'yaml';

type Labels = Readonly<Record<string, string>>;

interface Metadata {
  readonly name: string;
  readonly labels: Labels;
}

interface Port {
  readonly name: string;
}

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
}

export interface Container {
  readonly env: readonly {
    readonly name: string;
    readonly value?: string;
    readonly valueFrom?: { readonly secretKeyRef: { readonly name: string; readonly key: string } };
  }[];
  readonly envFrom: readonly { readonly configMapRef?: { readonly name: string } }[];
  readonly ports: readonly (Port & { readonly containerPort: number })[];
  readonly startupProbe: Probe;
  readonly livenessProbe: Probe;
  readonly readinessProbe: Probe;
  readonly lifecycle: { readonly preStop: { readonly sleep: { readonly seconds: number } } };
  readonly securityContext: object;
}

export interface Pod {
  readonly metadata: Metadata;
  readonly spec: {
    readonly containers: readonly [Container];
    readonly terminationGracePeriodSeconds: number;
    readonly automountServiceAccountToken: boolean;
    readonly securityContext: object;
  };
}

interface PodSelector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly { readonly key: string; readonly values: readonly string[] }[];
}

/** The fields of each kind of resource that the tests look at. */
interface Specs {
  readonly Deployment: {
    readonly replicas?: number;
    readonly selector: { readonly matchLabels: Labels };
    readonly template: Pod;
  };
  readonly Service: {
    readonly selector: Labels;
    readonly ports: readonly (Port & { readonly port: number; readonly targetPort: string })[];
  };
  readonly PodDisruptionBudget: { readonly selector: { readonly matchLabels: Labels } };
  readonly NetworkPolicy: {
    readonly podSelector: PodSelector;
    readonly ingress?: readonly { readonly ports: readonly { readonly port: string }[] }[];
  };
  readonly ScaledObject: {
    readonly scaleTargetRef: { readonly name: string };
    readonly maxReplicaCount: number;
    readonly triggers: readonly { readonly metadata: Labels }[];
  };
}

export interface Resource<Kind extends keyof Specs> {
  readonly metadata: Metadata;
  readonly spec: Specs[Kind];
}

interface Rendered {
  readonly kind: string;
  readonly metadata: Metadata;
  readonly spec: unknown;
  readonly data?: Labels;
}

/** The resources of a rendered kustomization. */
export class Manifests {
  private readonly resources: readonly Rendered[];

  constructor(yaml: string) {
    this.resources = parseAllDocuments(yaml).map((document) => document.toJS() as Rendered);
  }

  all<Kind extends keyof Specs>(kind: Kind): readonly Resource<Kind>[] {
    return this.resources.filter((resource) => resource.kind === kind) as unknown as readonly Resource<Kind>[];
  }

  names(kind: keyof Specs): readonly string[] {
    return this.all(kind)
      .map(({ metadata }) => metadata.name)
      .toSorted();
  }

  spec<Kind extends keyof Specs>(kind: Kind, name: string): Specs[Kind] {
    const found = this.all(kind).find(({ metadata }) => metadata.name === name);
    if (found === undefined) throw new Error(`There is no ${kind} ${name}.`);
    return found.spec;
  }

  pod(service: string): Pod {
    return this.spec('Deployment', service).template;
  }

  container(service: string): Container {
    return this.pod(service).spec.containers[0];
  }

  /** All variables of a service. Its database is a secret, for which the placeholder stands. */
  variables(service: string, database: string): Readonly<Record<string, string>> {
    const { env, envFrom } = this.container(service);
    const maps = envFrom.flatMap(({ configMapRef }) => configMapRef?.name ?? []);
    const settings = this.resources.filter(
      ({ kind, metadata }) => kind === 'ConfigMap' && maps.includes(metadata.name),
    );
    const own = env.map(({ name, value, valueFrom }) => [
      name,
      valueFrom?.secretKeyRef.name === `${service}-database` ? database : String(value),
    ]);
    return Object.assign({}, ...settings.map(({ data }) => data), Object.fromEntries(own)) as Record<string, string>;
  }
}
