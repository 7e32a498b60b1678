import { ParseUUIDPipe } from '@nestjs/common';
import { InvalidRequestException } from './valid-request';

/** Reads the saga's id from the path. */
export const sagaId = new ParseUUIDPipe({
  exceptionFactory: () => new InvalidRequestException([{ field: 'id', problem: 'must be a UUID' }]),
});
