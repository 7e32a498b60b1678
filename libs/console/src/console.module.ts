import { Inject, Module, type DynamicModule, type MiddlewareConsumer, type NestModule } from '@nestjs/common';
import { ApplicationConfig } from '@nestjs/core';
import { join } from 'node:path';
import { ConsolePages } from './console-pages';
import { passOn } from './pass-on';

/** The options of {@link ConsoleModule.forRoot}. */
export interface ConsoleOptions {
  /** The path of the console, below the application's global prefix. @default 'console', so that its address is `/console` */
  readonly path?: string;
  /**
   * The path of the admin API, the one given to `AdminModule.forRoot`, below the application's global prefix.
   * @default '', so that it is below `/v1`
   */
  readonly adminPath?: string;
  /**
   * Base URLs of other services' HTTP APIs, by name; the console's pages for the shop call them. Requests below
   * `/console/services/<name>/` are passed on, so that the browser talks to one origin only. Every client that reaches the
   * console reaches these APIs. @default none
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
  /**
   * Adds the console to the application. Without options it is at `/console`. Throws an error for a path with characters
   * other than letters, digits and `- . _ ~ /`.
   */
  static forRoot(options: ConsoleOptions = {}): DynamicModule {
    checkPath('path', options.path ?? 'console');
    if (options.adminPath !== undefined && options.adminPath !== '') checkPath('adminPath', options.adminPath);
    for (const name of Object.keys(options.services ?? {})) checkPath('services', name);
    return { module: ConsoleModule, providers: [{ provide: CONSOLE_OPTIONS, useValue: options }] };
  }

  constructor(
    @Inject(CONSOLE_OPTIONS) private readonly options: ConsoleOptions,
    private readonly application: ApplicationConfig,
  ) {}

  /** Called by Nest: adds what answers the console's paths. */
  configure(consumer: MiddlewareConsumer): void {
    const { services = {}, pages = join(__dirname, '../static') } = this.options;
    const path = withoutSlashes(this.options.path ?? 'console');
    const prefix = this.application.getGlobalPrefix();
    const below = (part: string): string => [prefix, part].map(withoutSlashes).filter(Boolean).join('/');
    const mounted = `/${below(path)}`;
    for (const [name, url] of Object.entries(services))
      consumer.apply(passOn(`${mounted}/services/${name}`, url)).forRoutes(`${path}/services/${name}/*rest`);
    const adminPath = below(this.options.adminPath ?? '');
    const served = new ConsolePages({
      folder: pages,
      path: mounted,
      adminPath: adminPath && `/${adminPath}`,
      services: Object.keys(services),
    });
    consumer.apply(served.answer).forRoutes(path, `${path}/*rest`);
  }
}

const withoutSlashes = (path: string): string => path.replace(/^\/+|\/+$/g, '');

function checkPath(option: keyof ConsoleOptions, path: string): void {
  const isPath = /^\/?[\w.~-]+(\/[\w.~-]+)*\/?$/.test(path);
  if (isPath && !path.split('/').some((part) => part === '.' || part === '..')) return;
  throw new Error(
    `ConsoleModule.forRoot: ${option} has ${JSON.stringify(path)}; a path has letters, digits and - . _ ~ between slashes.`,
  );
}
