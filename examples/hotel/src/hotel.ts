import { startTestStack } from '@palinode/testing-support';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export const usualPorts = { rooms: 3010, cards: 3011, booking: 3012, orchestrator: 3013, concierge: 3014 };

type Service = keyof typeof usualPorts;

const services = Object.keys(usualPorts) as Service[];

export interface HotelOptions {
  /** Where the data are kept. @default a temporary directory */
  readonly directory?: string;
  readonly ports?: Readonly<Record<Service, number>>;
  /** Whether only errors of the services are printed. @default false */
  readonly quiet?: boolean;
}

export interface Hotel {
  urlOf(service: Service): string;
  stop(): Promise<void>;
}

/** Starts PostgreSQL, a broker, and each service in a process of its own. Resolves when all services answer. */
export async function startHotel({ directory, ports = usualPorts, quiet = false }: HotelOptions = {}): Promise<Hotel> {
  const stack = await startTestStack({ databases: services, ...(directory !== undefined && { directory }) });
  const processes: ChildProcess[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(processes.map(end));
    await stack.stop();
  };
  const urlOf = (service: Service): string => `http://127.0.0.1:${ports[service]}`;
  try {
    for (const service of services) {
      processes.push(
        fork(join(import.meta.dirname, service, 'main.js'), {
          stdio: ['ignore', quiet ? 'ignore' : 'inherit', 'inherit', 'ipc'],
          env: {
            ...process.env,
            DATABASE_URL: stack.databaseUrl(service),
            KAFKA_BROKERS: stack.brokers.join(','),
            PORT: String(ports[service]),
          },
        }),
      );
    }
    await Promise.all(
      services.map((service, index) => untilItAnswers(urlOf(service), processes[index] as ChildProcess)),
    );
  } catch (error) {
    await stop();
    throw error;
  }
  return { urlOf, stop };
}

async function untilItAnswers(url: string, service: ChildProcess): Promise<void> {
  for (;;) {
    if (service.exitCode !== null) throw new Error(`The service at ${url} has ended; see what it printed.`);
    const answers = await fetch(url).then(
      () => true,
      () => false,
    );
    if (answers) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function end(service: ChildProcess): Promise<void> {
  if (service.exitCode !== null || service.signalCode !== null) return;
  const ended = once(service, 'exit');
  service.kill('SIGTERM');
  await ended;
}
