import type { Clients } from './clients';

/** A broker that the conformance suite can kill, restart and stop. */
export interface BrokerUnderTest {
  readonly brokers: string[];
  /** Ends the broker with SIGKILL. */
  kill9?(): Promise<void>;
  /** Restarts it on the same port with the same data. */
  restart?(): Promise<void>;
  stop(): Promise<void>;
}

/** What a part of the suite works with. */
export interface Conformance {
  broker(): BrokerUnderTest;
  clients(): Clients;
}
