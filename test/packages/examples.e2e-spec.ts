/* The trip as a reader runs it, with the versions that it names. peers.e2e-spec.ts runs the hotel with several. */
import { waitUntil } from '@palinode/testing-support';
import { Project } from './project';

let trip: Project;

beforeAll(async () => {
  trip = Project.of('examples/trip');
  await trip.install();
});
afterAll(() => trip?.remove());

it('the trip compiles, and its tests pass', async () => {
  await trip.run('npm', 'run', 'types');
  expect(await trip.run('npm', 'test')).toContain('Test Files  2 passed (2)');
});

it('the trip takes trips where npm start says, and leaves no process behind when it is interrupted', async () => {
  const running = trip.start('npm', 'start');
  try {
    const url = await waitUntil('what to try after npm start', () => /curl (\S+\/trips)/.exec(running.output)?.[1]);
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ city: 'Lisbon', day: '2026-12-24' }),
    });
    expect(response.status).toBe(202);
  } finally {
    await running.interrupt();
  }
});
