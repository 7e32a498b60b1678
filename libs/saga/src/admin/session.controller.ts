import { Body, Delete, Get, HttpCode, Inject, Optional, Post, Req, Res } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiProblems, Problem, validRequest } from '../http';
import { AdminController } from './admin.controller';
import { ACCESS, ByIdentity, NeedsRole, OpenToAll, type Access, type Identity, type OpenAccess } from './access/access';
import { AccessKeys, idOf, KEY_COOKIE } from './access/access-keys';
import { AccessKeyList, SessionView, SignInRequest } from './session.view';

/** What is needed of an answer; both Express and Fastify have it. */
interface Answer {
  header(name: string, value: string): unknown;
}

/** Who uses the admin API, and the cookie of a browser. */
@ApiTags('access')
@AdminController('')
export class SessionController {
  constructor(@Optional() @Inject(ACCESS) private readonly access?: Access | OpenAccess) {}

  @Get('session')
  @ApiOperation({ summary: 'Who you are, and your role' })
  @ApiOkResponse({ type: SessionView })
  session(@ByIdentity() identity: Identity | undefined): SessionView {
    if (identity === undefined) return { open: true };
    return { name: identity.name, role: identity.role, open: false };
  }

  @Post('session')
  @OpenToAll()
  @HttpCode(200)
  @ApiOperation({ summary: 'Sign in with a key; it is kept in a cookie that scripts cannot read' })
  @ApiOkResponse({ type: SessionView })
  @ApiProblems({ 400: 'The request is not valid', 401: 'The key is not valid', 404: 'Access is not by keys' })
  async signIn(
    @Body(validRequest) { key }: SignInRequest,
    @Req() request: { readonly protocol?: string },
    @Res({ passthrough: true }) response: Answer,
  ): Promise<SessionView> {
    const identity = await this.keys().identityFor(key);
    if (identity === undefined)
      throw new Problem(401, {
        code: 'unauthenticated',
        title: 'It is not known who you are',
        detail: 'This is none of the keys, or it has ended.',
      });
    response.header('Set-Cookie', cookie(key, request.protocol === 'https'));
    return { name: identity.name, role: identity.role, open: false };
  }

  @Delete('session')
  @OpenToAll()
  @HttpCode(204)
  @ApiOperation({ summary: 'Sign out: the cookie ends' })
  @ApiNoContentResponse()
  signOut(@Req() request: { readonly protocol?: string }, @Res({ passthrough: true }) response: Answer): void {
    response.header('Set-Cookie', `${cookie('', request.protocol === 'https')}; Max-Age=0`);
  }

  @Get('keys')
  @NeedsRole('admin')
  @ApiOperation({ summary: 'The keys that have access, without the keys themselves' })
  @ApiOkResponse({ type: AccessKeyList })
  @ApiProblems({ 404: 'Access is not by keys' })
  async list(): Promise<AccessKeyList> {
    const keys = await this.keys().list();
    return {
      items: keys.map(({ name, role, digest, until }) => ({
        id: idOf({ digest }),
        name,
        role,
        ...(until && { until: until.toISOString() }),
      })),
    };
  }

  private keys(): AccessKeys {
    if (this.access instanceof AccessKeys) return this.access;
    const detail = 'Access to this admin API is not by keys, so there is none to list or to sign in with.';
    throw new Problem(404, { code: 'not-found', title: 'Not found', detail });
  }
}

/** Only sent to this origin, and never by a request that another site makes. */
function cookie(value: string, secure: boolean): string {
  return `${KEY_COOKIE}=${value}; Path=/; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`;
}
