import { createParamDecorator, SetMetadata, type ExecutionContext } from '@nestjs/common';
import type { IncomingHttpHeaders } from 'node:http';

/**
 * What somebody may do, each with all that the one before may: `viewer` reads, `operator` acts on sagas, holds, dead
 * letters and bulk actions, `admin` also sees who has access.
 */
export type Role = 'viewer' | 'operator' | 'admin';

/** In the order of what they may do. */
export const ROLES: readonly Role[] = ['viewer', 'operator', 'admin'];

/** Who makes a request. */
export interface Identity {
  /** As the operator log names them; 1 to 100 letters, digits, or any of `. _ @ + -`. */
  readonly name: string;
  readonly role: Role;
  /** The id of the key that was shown, for the operator log. */
  readonly key?: string | undefined;
}

/** A request as the HTTP adapter passes it on; what guards and middlewares of the application added is there as well. */
export interface AccessRequest {
  readonly headers: IncomingHttpHeaders;
  readonly [property: string]: unknown;
}

/**
 * Finds out who makes a request: {@link accessKeys}, or the application's own, such as a function that reads what its
 * authentication has stored in the request.
 */
export interface Access {
  /** Who it is; undefined is answered with 401. What it throws is answered as the application's own errors are. */
  identify(request: AccessRequest): Identity | undefined | Promise<Identity | undefined>;
  /** Whether the console may ask for a key and keep it as a cookie. @default false */
  readonly signsInByKey?: boolean;
}

/** Everybody, under the name that X-Operator gives. */
export type OpenAccess = 'open';

export const ACCESS = Symbol('who may use the admin API');

const NEEDED = 'palinode:role';

/** The role that a route needs. Without it, GET and HEAD need `viewer`, and the others `operator`. */
export const NeedsRole = (role: Role): MethodDecorator & ClassDecorator => SetMetadata(NEEDED, role);

/** A route for everybody, such as a probe's. */
export const OpenToAll = (): MethodDecorator & ClassDecorator => SetMetadata(NEEDED, 'nobody');

/** The key of {@link NeedsRole} in a route's metadata. */
export const NEEDED_ROLE = NEEDED;

const identities = new WeakMap<object, Identity>();

/** Notes who makes a request. */
export function remember(request: object, identity: Identity): void {
  identities.set(request, identity);
}

/** Who makes a request, as the guard found out; undefined where access is open. */
export function identityOf(request: object): Identity | undefined {
  return identities.get(request);
}

/** Injects who makes the request; undefined where access is open. */
export const ByIdentity = createParamDecorator((_: unknown, context: ExecutionContext): Identity | undefined =>
  identityOf(context.switchToHttp().getRequest<object>()),
);
