import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiResponse } from '@nestjs/swagger';
import { FieldProblem, PROBLEM_CONTENT, ProblemDetails } from './problem';

/** What answers who has no access, for {@link ApiProblems}. */
export const ACCESS_PROBLEMS = {
  401: 'It is not known who you are',
  403: 'Your role does not allow this',
} as const;

/** Documents the problems that a route, or each of a controller, answers with, by status. */
export function ApiProblems(problems: Readonly<Record<number, string>>): ClassDecorator & MethodDecorator {
  return applyDecorators(
    ApiExtraModels(ProblemDetails, FieldProblem),
    ...Object.entries(problems).map(([status, description]) =>
      ApiResponse({ status: Number(status), description, content: PROBLEM_CONTENT }),
    ),
  );
}
