import { ValidationPipe, type ArgumentMetadata } from '@nestjs/common';
import { canonicalData } from '../contract';

/** Checks queries and bodies by their classes, and removes optional fields that are null. */
export class NullIsMissingPipe extends ValidationPipe {
  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    const valid: unknown = await super.transform(value, metadata);
    return metadata.metatype === undefined ? valid : canonicalData(metadata.metatype, valid);
  }
}
