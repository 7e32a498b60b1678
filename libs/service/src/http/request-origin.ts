/*
 * Keeps web pages of others away from a service, also from one that listens on this machine only: a browser reaches it there.
 *
 * 1. A request names the host that it is for, and only own names are answered. A page whose name was made to resolve to this
 *    machine (DNS rebinding) still sends its own name. An address is no name, and cannot be rebound.
 * 2. A request that a page of another origin sends is refused, with a body or without. Browsers say so by Sec-Fetch-Site, and
 *    by Origin. Following a link is no such request: the page that links does not see the answer.
 * 3. Clients that are no browsers send neither header, and are answered.
 */
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';
import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import { answerWith, Problem } from '@palinode/saga/http';

/** The host that a service listens on, and the names by which it is reached: `shop.example`, `*.shop.example` or `*`. */
export interface OwnNames {
  readonly host: string;
  readonly allowed: readonly string[];
}

type Asked = Pick<Request, 'method'> & { readonly headers: IncomingHttpHeaders };

/** Why a request is refused; undefined when it may come. */
export function refusalOfOrigin({ method, headers }: Asked, names: OwnNames): Problem | undefined {
  const host = headers.host === undefined ? undefined : urlOf(`http://${headers.host}`);
  if (headers.host !== undefined && (host === undefined || !isOwn(nameOf(host), names))) return misdirected();
  if (isLink(method, headers)) return undefined;
  const { 'sec-fetch-site': site, origin } = headers;
  if (origin !== undefined && !isSameOrigin(origin, host, names)) return crossOrigin();
  const isTrusted = origin !== undefined && isAllowed(nameOf(urlOf(origin)), names.allowed);
  if (site === undefined || site === 'same-origin' || site === 'none' || isTrusted) return undefined;
  return crossOrigin();
}

export function guardOrigin(app: NestExpressApplication, names: OwnNames): void {
  app.use((request: Request, response: Response, next: NextFunction) => {
    const problem = refusalOfOrigin(request, names);
    if (problem === undefined) next();
    else answerWith(problem, request, response);
  });
}

function isOwn(name: string, { host, allowed }: OwnNames): boolean {
  const isLoopback = name === 'localhost' || name.endsWith('.localhost');
  return (
    isLoopback || isIP(name) !== 0 || name === host.toLowerCase() || allowed.includes('*') || isAllowed(name, allowed)
  );
}

/** Whether somebody has named it. */
function isAllowed(name: string, allowed: readonly string[]): boolean {
  return allowed.some((each) => {
    const wanted = each.toLowerCase();
    return wanted.startsWith('*.') ? name.endsWith(wanted.slice(1)) : name === wanted;
  });
}

/** A page of an allowed name counts as one of ours, since a proxy may pass on another host. */
function isSameOrigin(origin: string, host: URL | undefined, { allowed }: OwnNames): boolean {
  const from = urlOf(origin);
  if (from === undefined) return false;
  return withoutUsualPort(from) === withoutUsualPort(host) || isAllowed(nameOf(from), allowed);
}

function isLink(method: string, headers: IncomingHttpHeaders): boolean {
  return (
    ['GET', 'HEAD'].includes(method) &&
    headers['sec-fetch-mode'] === 'navigate' &&
    headers['sec-fetch-dest'] === 'document'
  );
}

function urlOf(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

/** Without the brackets of an IPv6 address, and without the dot that may end a name. */
function nameOf(url: URL | undefined): string {
  return (url?.hostname ?? '').replace(/^\[|\]$/g, '').replace(/\.$/, '');
}

/** TLS may end at a proxy, so that the scheme tells nothing. */
function withoutUsualPort(url: URL | undefined): string | undefined {
  return url && `${nameOf(url)}:${url.port || 'usual'}`.replace(/:(80|443)$/, ':usual');
}

function misdirected(): Problem {
  const detail =
    'The service does not answer by the name in the header Host; add it to ALLOWED_HOSTS if it is one of its own.';
  return new Problem(421, 'unknown-host', 'Not a name of this service', detail);
}

function crossOrigin(): Problem {
  const detail =
    'A web page of another origin sent this request (Sec-Fetch-Site, Origin); only pages of this service may.';
  return new Problem(403, 'cross-origin', 'A request of another origin', detail);
}
