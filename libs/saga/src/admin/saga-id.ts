import { IdPipe } from '../http';
import { InvalidRequestException } from './valid-request';

/** Reads the saga's id from the path. */
export const sagaId = new IdPipe({
  exceptionFactory: () => new InvalidRequestException([{ field: 'id', problem: 'must be a UUID' }]),
});
