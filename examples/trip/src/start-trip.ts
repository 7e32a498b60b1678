import { startTestStack } from '@palinode/testing-support';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const services = ['trips', 'orchestrator', 'hotels', 'cars', 'flights'] as const;

export interface TripOptions {
  /** Whether services listen on any free port instead of the usual ones. @default false */
  readonly anyPort?: boolean;
  /** Whether only errors of the services are printed. @default false */
  readonly quiet?: boolean;
}

export interface RunningTrip {
  /** The URL of the service that takes trips. */
  readonly trips: string;
  /** The URL of the orchestrator, which has the admin API. */
  readonly orchestrator: string;
  stop(): Promise<void>;
}

/** Starts PostgreSQL, a broker, and each service in a process of its own. Resolves when all services listen. */
export async function startTrip({ anyPort = false, quiet = false }: TripOptions = {}): Promise<RunningTrip> {
  const stack = await startTestStack({ databases: services });
  const processes = services.map((service) =>
    fork(join(import.meta.dirname, `${service}.js`), {
      stdio: ['ignore', quiet ? 'ignore' : 'inherit', 'inherit', 'ipc'],
      env: {
        ...process.env,
        DATABASE_URL: stack.databaseUrl(service),
        KAFKA_BROKERS: stack.brokers.join(','),
        ...(anyPort && { PORT: '0' }),
      },
    }),
  );
  const stop = async (): Promise<void> => {
    await Promise.all(processes.map(end));
    await stack.stop();
  };
  try {
    const [trips, orchestrator] = (await Promise.all(processes.map(whenItListens))) as [string, string];
    return { trips, orchestrator, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Resolves with the URL of the service. */
function whenItListens(service: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    service.once('message', (url) => resolve(url as string));
    service.once('exit', () => reject(new Error(`${service.spawnargs.at(-1)} has ended; see what it printed.`)));
  });
}

async function end(service: ChildProcess): Promise<void> {
  if (service.exitCode !== null || service.signalCode !== null) return;
  const ended = once(service, 'exit');
  service.kill('SIGTERM');
  await ended;
}
