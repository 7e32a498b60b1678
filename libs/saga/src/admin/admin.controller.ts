import { applyDecorators, Controller, UseFilters, UseGuards, UseInterceptors } from '@nestjs/common';
import { ACCESS_PROBLEMS, ApiProblems, OnlyKnownParameters, ProblemFilter } from '../http';
import { AccessGuard } from './access/access.guard';

/** All paths below it belong to the admin API. */
export const ADMIN_PREFIX = 'v1';

/**
 * Declares a controller of the admin API: its errors are problem details, independent of the application's filters, and
 * it lets in who has access; parameters that a route does not read are refused.
 */
export function AdminController(path: string): ClassDecorator {
  return applyDecorators(
    Controller(`${ADMIN_PREFIX}/${path}`),
    UseFilters(ProblemFilter),
    UseGuards(AccessGuard),
    UseInterceptors(OnlyKnownParameters),
    ApiProblems(ACCESS_PROBLEMS),
  );
}
