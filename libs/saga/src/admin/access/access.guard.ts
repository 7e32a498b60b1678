import { Inject, Injectable, Optional, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ConfigurationError } from '../../contract';
import { Problem } from '../../http';
import {
  ACCESS,
  NEEDED_ROLE,
  remember,
  ROLES,
  type Access,
  type AccessRequest,
  type OpenAccess,
  type Role,
} from './access';

/** Lets a request of the admin API pass when who makes it has the role that the route needs. */
@Injectable()
export class AccessGuard implements CanActivate {
  /** @throws ConfigurationError in production, when nothing says who may use the admin API. */
  constructor(
    private readonly reflector: Reflector,
    @Optional() @Inject(ACCESS) private readonly access?: Access | OpenAccess,
  ) {
    if (access !== undefined || process.env['NODE_ENV'] !== 'production') return;
    throw new ConfigurationError(
      'With NODE_ENV=production the admin API must know who may use it: add `access: accessKeys({ file })` to ' +
        'AdminModule.forRoot({ … }), an `access` of your own, or `access: "open"` when only trusted clients reach it.',
    );
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<AccessRequest & { readonly method: string }>();
    const needed = this.needed(context, request.method);
    if (needed !== 'nobody') await this.admit(request, needed);
    return true;
  }

  /** Finds out who makes the request. Throws when they do not have this role. */
  async admit(request: AccessRequest, needed: Role): Promise<void> {
    const { access } = this;
    if (access === undefined || access === 'open') return;
    const identity = await access.identify(request);
    if (identity === undefined) throw unknown(access);
    if (ROLES.indexOf(identity.role) < ROLES.indexOf(needed)) throw forbidden(identity, needed);
    remember(request, identity);
  }

  private needed(context: ExecutionContext, method: string): Role | 'nobody' {
    const declared = this.reflector.getAllAndOverride<Role | 'nobody' | undefined>(NEEDED_ROLE, [
      context.getHandler(),
      context.getClass(),
    ]);
    return declared ?? (method === 'GET' || method === 'HEAD' ? 'viewer' : 'operator');
  }
}

function unknown({ signsInByKey = false }: Access): Problem {
  return new Problem(401, {
    code: 'unauthenticated',
    title: 'It is not known who you are',
    detail: signsInByKey
      ? 'Send a valid key as `Authorization: Bearer <key>`; palinode keys create makes one.'
      : 'Sign in to this application first.',
    extension: { signsInByKey },
  });
}

function forbidden({ name, role }: { readonly name: string; readonly role: Role }, needed: Role): Problem {
  return new Problem(403, {
    code: 'role-required',
    title: 'Your role does not allow this',
    detail: `${name} is ${role}; this needs ${needed}.`,
    extension: { role, needed },
  });
}
