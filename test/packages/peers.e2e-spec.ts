/* The versions of Node, Nest, TypeORM and PostgreSQL that the packages promise to work with, each by a hotel's tests. */
import { Project, type Versions } from './project';

const nest = (version: string): Record<string, string> =>
  Object.fromEntries(
    ['common', 'core', 'microservices', 'platform-express', 'swagger', 'typeorm'].map((name) => [
      `@nestjs/${name}`,
      version,
    ]),
  );

const combinations: readonly (Versions & {
  readonly name: string;
  readonly major: Readonly<Record<string, string>>;
  /** Whether the tests of the definitions run too; they hardly depend on the versions. */
  readonly definitions?: boolean;
})[] = [
  {
    name: 'Node 20, Nest 11, TypeORM 0.3, class-validator 0.14, PostgreSQL 14',
    dependencies: { ...nest('^11.0.0'), typeorm: '^0.3.20', 'class-validator': '^0.14.0' },
    postgres: '14.23.0-beta.17',
    major: { '@nestjs/core': '11', typeorm: '0' },
    definitions: true,
  },
  {
    name: 'Node 22, Nest 12, TypeORM 1, PostgreSQL 16',
    dependencies: nest('^12.0.0'),
    node: '22',
    postgres: '16.14.0-beta.17',
    major: { '@nestjs/core': '12', typeorm: '1' },
  },
  {
    name: 'Node 24, Nest 12, TypeORM 0.3, PostgreSQL 18',
    dependencies: { ...nest('^12.0.0'), typeorm: '^0.3.20' },
    node: '24',
    major: { '@nestjs/core': '12', typeorm: '0' },
  },
  {
    name: 'Node 24, Nest 11, TypeORM 1, PostgreSQL 15',
    dependencies: { ...nest('^11.0.0'), typeorm: '^1.0.0' },
    node: '24',
    postgres: '15.18.0-beta.17',
    major: { '@nestjs/core': '11', typeorm: '1' },
  },
];

it.each(combinations)(
  'a hotel of $name compiles, and its tests pass',
  async ({ major, definitions = false, ...versions }) => {
    const project = Project.of('examples/hotel', versions);
    try {
      await project.install();
      for (const [name, version] of Object.entries(major)) expect(project.versionOf(name).split('.')[0]).toBe(version);
      if (versions.node !== undefined) expect(await project.run('node', '--version')).toMatch(`v${versions.node}.`);
      await project.run('npm', 'run', 'types');
      if (definitions) expect(await project.run('npm', 'test')).toContain('Test Files  8 passed (8)');
      else expect(await project.run('npm', 'test', '--', 'test/hotel.spec')).toContain('Test Files  1 passed (1)');
    } finally {
      project.remove();
    }
  },
);
