import { applyDecorators, Controller, UsePipes } from '@nestjs/common';
import { ApiDefaultResponse, ApiTags } from '@nestjs/swagger';
import { PROBLEM_CONTENT, validRequest } from '@palinode/saga/http';

/**
 * An HTTP controller with validated inputs. The pipe is bound here instead of globally, because command handlers share the
 * application's configuration, and contracts validate their payloads.
 */
export function HttpController(path: string): ClassDecorator {
  return applyDecorators(
    Controller(path),
    UsePipes(validRequest),
    ApiTags(path),
    ApiDefaultResponse({ description: 'Problem details (RFC 9457)', content: PROBLEM_CONTENT }),
  );
}
