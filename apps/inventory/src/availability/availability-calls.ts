import { status } from '@grpc/grpc-js';
import { Controller } from '@nestjs/common';
import { GrpcMethod } from '@nestjs/microservices';
import { type AvailabilityAnswer, AvailabilityQuery } from '@palinode/contracts';
import { violations } from '@palinode/saga/contract';
import { Stock } from '../stock/stock';

/** Maps to the gRPC status INVALID_ARGUMENT. */
class InvalidArgumentError extends Error {
  override readonly name = 'InvalidArgumentError';
  readonly code = status.INVALID_ARGUMENT;
}

/** Serves the same queries over gRPC as the availability controller serves over REST. */
@Controller()
export class AvailabilityCalls {
  constructor(private readonly stock: Stock) {}

  @GrpcMethod('Availability', 'Check')
  async check(query: AvailabilityQuery): Promise<AvailabilityAnswer> {
    const wrong = violations(AvailabilityQuery, query).map(({ field, problem }) => `${field} ${problem}`);
    if (wrong.length > 0) throw new InvalidArgumentError(wrong.join('; '));
    return { lines: await this.stock.availabilityOf(query.lines) };
  }
}
