/* A Nest service that existed before, with the packages: Drizzle, Kysely, Knex, and migrations as SQL files. */
import { Project } from './project';

it('the existing service of docs/adopting.md compiles, and its tests pass', async () => {
  const project = Project.of('examples/existing-service', { postgres: '17.10.0-beta.17' });
  try {
    await project.install();
    expect(await project.run('npm', 'test')).toMatch(/^# pass 6$/m);
  } finally {
    project.remove();
  }
});
