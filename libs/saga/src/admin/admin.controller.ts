import { applyDecorators, Controller, UseFilters } from '@nestjs/common';
import { ProblemFilter } from '../http';

/** All paths below it belong to the admin API. */
export const ADMIN_PREFIX = 'v1';

/** Declares a controller of the admin API: its errors are problem details, independent of the application's filters. */
export function AdminController(path: string): ClassDecorator {
  return applyDecorators(Controller(`${ADMIN_PREFIX}/${path}`), UseFilters(ProblemFilter));
}
