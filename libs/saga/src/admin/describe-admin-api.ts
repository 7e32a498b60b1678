import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { AdminModule } from './admin.module';

/**
 * Returns the OpenAPI description of the admin API, without the application's other routes. Serve it with
 * `SwaggerModule.setup('admin-docs', app, describeAdminApi(app))`, or write it to a file.
 */
export function describeAdminApi(app: INestApplication): OpenAPIObject {
  const about = new DocumentBuilder()
    .setTitle('Palinode admin API')
    .setDescription('Shows sagas, and lets operators act on them. Every error is problem details (RFC 9457).')
    .setVersion('1')
    .build();
  return SwaggerModule.createDocument(app, about, { include: [AdminModule] });
}
