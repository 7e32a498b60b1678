import { parseArgs } from 'node:util';
import { InvalidSettingError } from './settings';
import type { EmbeddedKafkaOptions } from './settings';

export const usage = `Usage: node main.js --directory DIRECTORY --port PORT [options]
  --directory DIRECTORY  where the data is kept; created when missing
  --port PORT            0 takes a free port
  --host HOST            the address to listen on (127.0.0.1)
  --fsync POLICY         interval (within a second) or always (before the acknowledgement)
  --min-session MS       the shortest session timeout that a group member may request (6000)
  --with-parent          stop when standard input closes, for example because the parent process ended`;

export interface BrokerCommand {
  readonly options: EmbeddedKafkaOptions;
  readonly withParent: boolean;
}

/** Reads the command's arguments. Throws an InvalidSettingError that names the invalid one. */
export function readCommandLine(args: readonly string[]): BrokerCommand {
  const values = parse(args);
  if (!values.directory) throw new InvalidSettingError('--directory is missing.');
  if (values.port === undefined) throw new InvalidSettingError('--port is missing; 0 takes a free port.');
  return {
    options: {
      directory: values.directory,
      port: values.port.trim() === '' ? Number.NaN : Number(values.port),
      ...(values.host !== undefined && { host: values.host }),
      ...(values.fsync !== undefined && { fsync: values.fsync as 'interval' | 'always' }),
      ...(values['min-session'] !== undefined && { groupMinSessionTimeoutMs: Number(values['min-session']) }),
    },
    withParent: values['with-parent'] ?? false,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        directory: { type: 'string' },
        port: { type: 'string' },
        host: { type: 'string' },
        fsync: { type: 'string' },
        'min-session': { type: 'string' },
        'with-parent': { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    throw new InvalidSettingError((error as Error).message);
  }
}
