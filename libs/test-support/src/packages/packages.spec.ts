import { readdirSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../repository';
import { publishedPackages } from './packages';

interface Manifest {
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

const manifestIn = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(repositoryRoot, folder, 'package.json'), 'utf8')) as Manifest;

const examples = readdirSync(join(repositoryRoot, 'examples'))
  .map((name) => join('examples', name))
  .filter((folder) => existsSync(join(repositoryRoot, folder, 'package.json')));

describe('the examples', () => {
  it.each(examples)('%s depends on the packages in the version of the next release', (folder) => {
    const { version } = manifestIn('.');
    const { dependencies, devDependencies } = manifestIn(folder);
    const ours = publishedPackages().map(({ name }) => name);
    const used = Object.entries({ ...dependencies, ...devDependencies }).filter(([name]) => ours.includes(name));
    expect(used.length).toBeGreaterThan(0);
    expect(used.filter(([, range]) => range !== `^${version}`)).toEqual([]);
  });
});
