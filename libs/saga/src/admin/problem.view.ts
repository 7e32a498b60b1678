import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiProperty, ApiPropertyOptional, ApiResponse, getSchemaPath } from '@nestjs/swagger';

export class FieldProblemView {
  @ApiProperty({ example: 'reason' }) field!: string;
  @ApiProperty({ example: 'must be a string' }) problem!: string;
}

/** Problem details (RFC 9457). */
export class ProblemView {
  @ApiProperty({ example: 'urn:palinode:problem:past-the-pivot' }) type!: string;
  @ApiProperty() title!: string;
  @ApiProperty() status!: number;
  @ApiProperty({ description: 'What is wrong, and what helps' }) detail!: string;
  @ApiProperty({ example: '/v1/sagas/0193…/cancel' }) instance!: string;
  @ApiPropertyOptional({ type: [FieldProblemView] }) errors?: FieldProblemView[];
}

/** The problems that a route answers with, by status. */
export function ApiProblems(problems: Readonly<Record<number, string>>): MethodDecorator {
  const content = { 'application/problem+json': { schema: { $ref: getSchemaPath(ProblemView) } } };
  return applyDecorators(
    ApiExtraModels(ProblemView),
    ...Object.entries(problems).map(([status, description]) =>
      ApiResponse({ status: Number(status), description, content }),
    ),
  );
}
