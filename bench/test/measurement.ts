import type { Measurement } from '../src/measurement';

export const measurementOf = (fields: Partial<Measurement>): Measurement => ({
  target: 'palinode',
  inFlight: 64,
  declined: 0,
  sagas: 1_000,
  warmedUp: 0,
  sagasPerSecond: 100,
  p50Ms: 10,
  p95Ms: 15,
  p99Ms: 20,
  cpuMsPerSaga: 1,
  cpuByProcess: { postgres: 1 },
  postgresPerSaga: { commits: 1, walBytes: 9_000, fsyncs: 1 },
  stolenPercent: 0,
  broken: [],
  ...fields,
});
