/*
 * Protects a service from foreign web pages, also one that listens only on this machine, because a browser can reach it
 * there.
 *
 * 1. Only requests whose Host is one of the service's names are answered. A page after DNS rebinding still sends its own
 *    name. An IP address cannot be rebound.
 * 2. Requests from a page of another origin are rejected, with or without a body; browsers mark them with Sec-Fetch-Site and
 *    Origin. Following a link is allowed, because the linking page does not see the answer.
 * 3. Clients other than browsers send neither header and are answered.
 */
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';
import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import { answerWith, Problem } from '@palinode/saga/http';

/** The listening host and the allowed names: `shop.example`, `*.shop.example` or `*`. */
export interface OwnNames {
  readonly host: string;
  readonly allowed: readonly string[];
}

type Asked = Pick<Request, 'method'> & { readonly headers: IncomingHttpHeaders };

/** The reason for rejecting a request; undefined to accept it. */
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

/** Whether the configuration allows the name. */
function isAllowed(name: string, allowed: readonly string[]): boolean {
  return allowed.some((each) => {
    const wanted = each.toLowerCase();
    return wanted.startsWith('*.') ? name.endsWith(wanted.slice(1)) : name === wanted;
  });
}

/** A page of an allowed name counts as the service's own, because a proxy may forward another Host. */
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

/** Removes the brackets of an IPv6 address and a trailing dot. */
function nameOf(url: URL | undefined): string {
  return (url?.hostname ?? '').replace(/^\[|\]$/g, '').replace(/\.$/, '');
}

/** TLS may end at a proxy, so the scheme is not compared. */
function withoutUsualPort(url: URL | undefined): string | undefined {
  return url && `${nameOf(url)}:${url.port || 'usual'}`.replace(/:(80|443)$/, ':usual');
}

function misdirected(): Problem {
  const detail =
    'The service does not answer by the name in the header Host; add it to ALLOWED_HOSTS if it is correct.';
  return new Problem(421, { code: 'unknown-host', title: 'Not a name of this service', detail });
}

function crossOrigin(): Problem {
  const detail =
    'A web page of another origin sent this request (Sec-Fetch-Site, Origin); only pages of this service may.';
  return new Problem(403, { code: 'cross-origin', title: 'A request of another origin', detail });
}
