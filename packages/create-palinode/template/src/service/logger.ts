import { ConsoleLogger } from '@nestjs/common';

/** Of Nest itself: a line for each module, controller and route at every start. */
const START = ['NestFactory', 'InstanceLoader', 'RoutesResolver', 'RouterExplorer'];

class ServiceLogger extends ConsoleLogger {
  override log(message: unknown, ...more: unknown[]): void {
    if (!START.includes(String(more.at(-1)))) super.log(message, ...more);
  }
}

/** One JSON document a line in production, text for people elsewhere. */
export const logger = new ServiceLogger({ json: process.env['NODE_ENV'] === 'production' });
