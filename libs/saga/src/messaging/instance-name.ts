import { hostname } from 'node:os';

/**
 * The name of this process among the instances of its service, in the overview and for the service's own log: on one
 * machine they differ by the process, among containers by the host.
 */
export const INSTANCE_NAME = `${hostname()}-${process.pid}`;
