/* Connects a server of handlers to the application whose controllers have them. */
import type { INestApplication, Type } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import type { CustomTransportStrategy, Server } from '@nestjs/microservices';
import { ConfigurationError } from '../contract';

/** A server of Nest that knows whether it was connected to its application. */
export interface HandlerServer extends CustomTransportStrategy {
  connected: boolean;
}

export interface HandlerServerNames {
  /** Such as `ParticipantModule`. */
  readonly module: string;
  /** Such as `HandleCommand`. */
  readonly decorator: string;
  /** The transport id by which Nest and the decorator identify its handlers. */
  readonly transport: symbol;
}

/**
 * Connects the handlers of an application's controllers with the server.
 *
 * @throws ConfigurationError when the application has no such server, or has handlers outside of controllers
 */
export function connectServer<S extends Server & HandlerServer>(
  app: INestApplication,
  type: Type<S>,
  { module, decorator, transport }: HandlerServerNames,
): void {
  const misplaced = handlerOutsideOfControllers(app, transport);
  if (misplaced !== undefined)
    throw new ConfigurationError(
      `${misplaced} has @${decorator} and is in no controller, so it would never be called; add @Controller() to its ` +
        'class, and list that under `controllers` of its module.',
    );
  const server = serverOf(app, type, module);
  server.connected = true;
  app.connectMicroservice({ strategy: server }, { inheritAppConfig: true });
}

function serverOf<S>(app: INestApplication, type: Type<S>, module: string): S {
  try {
    return app.get(type, { strict: false });
  } catch (error) {
    throw new ConfigurationError(
      `The application has no ${module}; add ${module}.forRoot({ … }) to the imports of a module.`,
      {
        cause: error,
      },
    );
  }
}

/** Marks a method as a handler, so that {@link connectServer} finds it wherever it is. */
export function markHandler(transport: symbol, method: unknown): void {
  Reflect.defineMetadata(transport, true, method as object);
}

/** Nest looks for handlers only in controllers. */
function handlerOutsideOfControllers(app: INestApplication, transport: symbol): string | undefined {
  const modules = [...app.get(ModulesContainer, { strict: false }).values()];
  const controllers = new Set<unknown>(modules.flatMap((module) => [...module.controllers.keys()]));
  for (const module of modules)
    for (const { instance } of module.providers.values()) {
      const type: unknown = (instance as object | undefined)?.constructor;
      if (typeof type !== 'function' || controllers.has(type)) continue;
      const method = methodsOf(type).find(([, value]) => Reflect.hasMetadata(transport, value));
      if (method !== undefined) return `${type.name}.${method[0]}`;
    }
  return undefined;
}

/** Including inherited methods. */
function methodsOf(type: { readonly prototype: unknown }): [name: string, method: object][] {
  const methods: [string, object][] = [];
  for (let at = type.prototype; Boolean(at) && at !== Object.prototype; at = Object.getPrototypeOf(at))
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(at)))
      if (typeof value === 'function') methods.push([name, value as object]);
  return methods;
}
