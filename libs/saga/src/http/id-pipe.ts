import { ParseUUIDPipe, type ArgumentMetadata } from '@nestjs/common';
import { canonicalId } from '../contract';

/** Reads an id from the path, in upper or lower case. */
export class IdPipe extends ParseUUIDPipe {
  override async transform(value: string, metadata: ArgumentMetadata): Promise<string> {
    await super.transform(value, metadata);
    return canonicalId(value);
  }
}
