import { Inject, Module, type DynamicModule, type MiddlewareConsumer, type NestModule } from '@nestjs/common';
import { join } from 'node:path';
import { ConsolePages } from './console-pages';
import { passOn } from './pass-on';

/** The options of {@link ConsoleModule.forRoot}. */
export interface ConsoleOptions {
  /** The path of the console. @default 'console', so that its address is `/console` */
  readonly path?: string;
  /** The path of the admin API, the one given to `AdminModule.forRoot`. @default '', so that it is below `/v1` */
  readonly adminPath?: string;
  /**
   * Base URLs of other services' HTTP APIs, by name; the console's pages for the shop call them. Requests below
   * `/console/services/<name>/` are passed on, so that the browser talks to one origin only. Whoever can reach the
   * console can reach these APIs. @default none
   */
  readonly services?: Readonly<Record<string, string>>;
  /** The folder of the built pages. @default the one in this package */
  readonly pages?: string;
}

const CONSOLE_OPTIONS = Symbol('the options of the console');

/**
 * The web console of the admin API in the same application. It serves static files with a strict
 * Content-Security-Policy; the pages load nothing from elsewhere and call only their own origin.
 *
 * Guards of the application do not run for these files: what the console shows, it asks of the admin API.
 */
@Module({})
export class ConsoleModule implements NestModule {
  /** Adds the console to the application. Without options it is at `/console`. */
  static forRoot(options: ConsoleOptions = {}): DynamicModule {
    return { module: ConsoleModule, providers: [{ provide: CONSOLE_OPTIONS, useValue: options }] };
  }

  constructor(@Inject(CONSOLE_OPTIONS) private readonly options: ConsoleOptions) {}

  configure(consumer: MiddlewareConsumer): void {
    const { path = 'console', adminPath = '', services = {}, pages = join(__dirname, '../static') } = this.options;
    for (const [name, url] of Object.entries(services))
      consumer.apply(passOn(`/${path}/services/${name}`, url)).forRoutes(`${path}/services/${name}/*rest`);
    const served = new ConsolePages({ folder: pages, path, adminPath, services: Object.keys(services) });
    consumer.apply(served.answer).forRoutes(path, `${path}/*rest`);
  }
}
