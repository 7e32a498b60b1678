import type { OrderEnvironment } from '../order-environment';
import { Availability } from './availability';
import type { AvailabilityClient } from './availability-client';
import { GrpcAvailabilityClient } from './grpc-availability-client';
import { RestAvailabilityClient } from './rest-availability-client';

/** Creates the availability check that the environment selects. */
export function createAvailability(environment: OrderEnvironment): Availability {
  return new Availability(createClient(environment), {
    deadlineMs: environment.AVAILABILITY_DEADLINE_MS,
    failures: environment.AVAILABILITY_FAILURES,
    openMs: environment.AVAILABILITY_PAUSE_MS,
  });
}

function createClient(environment: OrderEnvironment): AvailabilityClient | undefined {
  const { AVAILABILITY, AVAILABILITY_DEADLINE_MS, GRPC_URL_INVENTORY = '', SERVICE_URL_INVENTORY = '' } = environment;
  if (AVAILABILITY === 'grpc') return new GrpcAvailabilityClient(GRPC_URL_INVENTORY, AVAILABILITY_DEADLINE_MS);
  if (AVAILABILITY === 'rest') return new RestAvailabilityClient(SERVICE_URL_INVENTORY);
  return undefined;
}
