import { applyDecorators, Controller, UseFilters } from '@nestjs/common';
import { ProblemFilter } from '../http';

/** Whatever is below it belongs to the admin API. */
export const ADMIN_PREFIX = 'v1';

/** A controller of the admin API: its errors are problem details, whatever filters the application has. */
export function AdminController(path: string): ClassDecorator {
  return applyDecorators(Controller(`${ADMIN_PREFIX}/${path}`), UseFilters(ProblemFilter));
}
