import { ServiceEnvironment } from '@palinode/service';
import { IsInt, IsOptional, Max, Min } from 'class-validator';

/** The inventory service's settings beyond those of every service. */
export class InventoryEnvironment extends ServiceEnvironment {
  /** The gRPC port, on the same host as HTTP. Without it gRPC is off. */
  @IsOptional()
  @IsInt({ message: 'must be a port number' })
  @Min(1)
  @Max(65_535)
  GRPC_PORT?: number;
}
