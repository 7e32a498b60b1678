/* The examples as a reader runs them, with the versions that they name. peers.e2e-spec.ts runs the hotel with others. */
import { Project } from './project';

it('the trip compiles, and its tests pass', async () => {
  const project = Project.of('examples/trip');
  try {
    await project.install();
    await project.run('npm', 'run', 'types');
    expect(await project.run('npm', 'test')).toContain('Test Files  2 passed (2)');
  } finally {
    project.remove();
  }
});
