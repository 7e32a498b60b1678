import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';
import { invalidRequest, Problem } from '../problems/problem';
import { isDeeperThan } from './json-depth';

const MAX_BYTES = 64 * 1024;
const MAX_DEPTH = 32;

/** Accepts bodies of JSON only, of a size and a depth that can do no harm. */
export function acceptJson(app: NestExpressApplication): void {
  app.use(requireJson);
  // Nest's type leaves out `verify`, the one place between reading a body and parsing it.
  const options = { limit: MAX_BYTES, type: 'application/json', verify: requireShallow };
  app.useBodyParser('json', options);
}

function requireJson(request: Request, _response: Response, next: NextFunction): void {
  const { 'content-type': contentType, 'content-length': length, 'transfer-encoding': encoding } = request.headers;
  const hasBody = encoding !== undefined || (length !== undefined && length !== '0');
  if (!hasBody || isUtf8Json(contentType)) return next();
  next(new Problem(415, 'not-json', 'Unsupported media type', 'Send the body as application/json in UTF-8.'));
}

/** Other encodings than UTF-8 are turned away, because the depth is counted in bytes. */
function isUtf8Json(contentType = ''): boolean {
  const [type = '', ...parameters] = contentType.toLowerCase().split(';');
  const charset = parameters.map((each) => each.trim()).find((each) => each.startsWith('charset='));
  return type.trim() === 'application/json' && (charset === undefined || /^charset="?utf-8"?$/.test(charset));
}

/** Why a request's body was not even parsed. */
const refused = new WeakMap<object, Problem>();

export function refusalOfBody(request: object): Problem | undefined {
  return refused.get(request);
}

/** The body parser rewrites whatever it catches here, so the reason is kept beside the request. */
function requireShallow(request: object, _response: unknown, body: Buffer): void {
  if (!isDeeperThan(MAX_DEPTH, body)) return;
  refused.set(request, invalidRequest([{ field: 'body', problem: `nests more than ${MAX_DEPTH} levels deep` }]));
  throw new Error('too deep');
}
