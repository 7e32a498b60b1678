import type { ArgumentMetadata, PipeTransform } from '@nestjs/common';
import { canonicalId, isUuid } from '../contract';
import { invalidRequest } from './problem';

/** Reads an id from the path, in upper or lower case. Answers anything else with 400, naming the parameter. */
export class IdPipe implements PipeTransform<string, string> {
  transform(value: string, { data: field = 'id' }: ArgumentMetadata): string {
    const id = canonicalId(value);
    if (!isUuid(id)) throw invalidRequest([{ field, problem: 'must be a UUID' }]);
    return id;
  }
}
