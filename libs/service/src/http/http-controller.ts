import { applyDecorators, Controller, UsePipes } from '@nestjs/common';
import { ApiDefaultResponse, ApiTags } from '@nestjs/swagger';
import { validation } from './validation';

/**
 * A controller of HTTP routes, whose inputs are validated. The pipe is bound here and not to the whole application, because
 * command handlers share its configuration, and their payloads are checked by their contracts.
 */
export function HttpController(path: string): ClassDecorator {
  return applyDecorators(
    Controller(path),
    UsePipes(validation),
    ApiTags(path),
    ApiDefaultResponse({
      description: 'Problem details (RFC 9457)',
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/ProblemDetails' } } },
    }),
  );
}
