import { hostname } from 'node:os';

/** Tells the instances of a service apart: on one machine by the process, among containers by the host. */
export const INSTANCE_NAME = `${hostname()}-${process.pid}`;
