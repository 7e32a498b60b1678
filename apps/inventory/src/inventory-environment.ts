import { ServiceEnvironment } from '@palinode/service';
import { IsInt, IsOptional, Max, Min } from 'class-validator';

/** What the inventory service is told beyond what every service is told. */
export class InventoryEnvironment extends ServiceEnvironment {
  /** Where it answers gRPC, on the same host as HTTP; without it gRPC is off. */
  @IsOptional()
  @IsInt({ message: 'must be a port number' })
  @Min(1)
  @Max(65_535)
  GRPC_PORT?: number;
}
