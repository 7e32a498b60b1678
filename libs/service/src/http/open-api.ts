import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { FieldProblem, ProblemDetails } from '../problems/problem';

/** Serves the OpenAPI document at `/openapi.json` and its page at `/docs`. */
export function describeApi(app: INestApplication, service: string): void {
  const about = new DocumentBuilder()
    .setTitle(`Palinode ${service} API`)
    .setDescription(`The HTTP API of the ${service} service. Every error is answered with problem details (RFC 9457).`)
    .setVersion('1')
    .build();
  SwaggerModule.setup(
    'docs',
    app,
    () => SwaggerModule.createDocument(app, about, { extraModels: [ProblemDetails, FieldProblem] }),
    {
      jsonDocumentUrl: 'openapi.json',
    },
  );
}
