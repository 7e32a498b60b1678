import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiResponse } from '@nestjs/swagger';
import { FieldProblem, PROBLEM_CONTENT, ProblemDetails } from '../http';

/** Documents the problems that a route answers with, by status. */
export function ApiProblems(problems: Readonly<Record<number, string>>): MethodDecorator {
  return applyDecorators(
    ApiExtraModels(ProblemDetails, FieldProblem),
    ...Object.entries(problems).map(([status, description]) =>
      ApiResponse({ status: Number(status), description, content: PROBLEM_CONTENT }),
    ),
  );
}
