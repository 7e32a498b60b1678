import type { EventContract } from '../contract';
import type { NestHandler } from '../handlers';

export interface RegisteredEventHandler {
  readonly contract: EventContract;
  readonly handle: NestHandler;
}
