import { ConfigurationError } from '../../contract';

/** How many streams may be open at an instance. */
export class StreamLimit {
  /** @throws ConfigurationError when it is not a number from 0. */
  constructor(readonly most = 1_000) {
    if (Number.isInteger(most) && most >= 0) return;
    throw new ConfigurationError(`maxStreams of AdminModule is ${most}; use a whole number, 0 for none.`);
  }
}
