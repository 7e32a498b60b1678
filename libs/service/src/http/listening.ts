import { EnvironmentError } from '../environment/read-environment';

export interface ListeningPlace {
  readonly host: string;
  readonly port: number;
  /** The environment variable of the port. */
  readonly variable: string;
}

const PROBLEMS: Readonly<Record<string, (place: ListeningPlace) => string>> = {
  EADDRINUSE: ({ host, port, variable }) =>
    `${variable}: port ${port} of ${host} is in use; end the process that has it, or set ${variable} to another one.`,
  EACCES: ({ port, variable }) =>
    `${variable}: this process may not listen on port ${port}; set ${variable} to one from 1024 on, or allow it.`,
  EADDRNOTAVAIL: ({ host }) => `HOST: ${host} is no address of this machine.`,
  ENOTFOUND: ({ host }) => `HOST: ${host} is no name of this machine.`,
};

/** Throws a listen error, as an EnvironmentError with the remedy where there is one. */
export function explainListening(error: unknown, place: ListeningPlace): never {
  const problem = PROBLEMS[String((error as NodeJS.ErrnoException).code)];
  if (problem === undefined) throw error;
  throw new EnvironmentError([problem(place)]);
}
