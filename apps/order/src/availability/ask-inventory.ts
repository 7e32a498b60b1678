import type { OrderEnvironment } from '../order-environment';
import { Availability } from './availability';
import type { AvailabilityQuestion } from './availability-question';
import { GrpcQuestion } from './grpc-question';
import { RestQuestion } from './rest-question';

/** Whom the service asks before it takes an order, as its environment says. */
export function askInventory(environment: OrderEnvironment): Availability {
  return new Availability(questionOf(environment), {
    deadlineMs: environment.AVAILABILITY_DEADLINE_MS,
    failures: environment.AVAILABILITY_FAILURES,
    openMs: environment.AVAILABILITY_PAUSE_MS,
  });
}

function questionOf(environment: OrderEnvironment): AvailabilityQuestion | undefined {
  const { AVAILABILITY, AVAILABILITY_DEADLINE_MS, GRPC_URL_INVENTORY = '', SERVICE_URL_INVENTORY = '' } = environment;
  if (AVAILABILITY === 'grpc') return new GrpcQuestion(GRPC_URL_INVENTORY, AVAILABILITY_DEADLINE_MS);
  if (AVAILABILITY === 'rest') return new RestQuestion(SERVICE_URL_INVENTORY);
  return undefined;
}
