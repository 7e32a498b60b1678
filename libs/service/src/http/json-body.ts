import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';
import { invalidRequest, Problem, rejectRequest } from '@palinode/saga/http';
import { isAllowedText, jsonProblem, type JsonProblem } from '@palinode/saga/contract';

const MAX_BYTES = 64 * 1024;
const MAX_DEPTH = 32;
/** Validation takes some microseconds for each, also where a list is too long. */
const MAX_VALUES = 2_000;

const PROBLEMS: Readonly<Record<JsonProblem, string>> = {
  'too-deep': `nests more than ${MAX_DEPTH} levels deep`,
  'too-many': `has more than ${MAX_VALUES} values`,
  'forbidden-text': 'has text with NUL or half a surrogate pair',
};

/** Accepts bodies of JSON only, of a size and a depth that can do no harm. */
export function acceptJson(app: NestExpressApplication): void {
  app.use(requireText);
  app.use(requireJson);
  // Nest's type leaves out `verify`, the one place between reading a body and parsing it.
  const options = { limit: MAX_BYTES, type: 'application/json', verify: requireHarmless };
  app.useBodyParser('json', options);
}

/** PostgreSQL keeps no NUL, and nothing that is asked for by its address has one. */
function requireText({ url }: Request, _response: Response, next: NextFunction): void {
  if (!url.includes('%00')) return next();
  next(invalidRequest([{ field: 'url', problem: 'has NUL' }]));
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

/** The body parser rewrites whatever it catches here, so the reason is kept beside the request. */
function requireHarmless(request: object, _response: unknown, body: Buffer): void {
  const why = jsonProblem(body, MAX_DEPTH, MAX_VALUES);
  if (why === undefined) return;
  const problem = PROBLEMS[why];
  const field = why === 'forbidden-text' ? forbiddenField(body) : 'body';
  rejectRequest(request, invalidRequest([{ field, problem }]));
  throw new Error(why);
}

/** The field whose text is not allowed; the body itself where that lies too deep, is a field's name, or is no JSON. */
function forbiddenField(body: Buffer): string {
  try {
    return pathOfForbidden(JSON.parse(body.toString()), '', MAX_DEPTH) ?? 'body';
  } catch {
    return 'body';
  }
}

function pathOfForbidden(value: unknown, path: string, levels: number): string | undefined {
  if (typeof value === 'string') return isAllowedText(value) || path === '' ? undefined : path;
  if (typeof value !== 'object' || value === null || levels === 0) return undefined;
  for (const [key, each] of Object.entries(value)) {
    if (!isAllowedText(key)) return undefined;
    const name = path === '' ? key : `${path}.${key}`;
    const found = pathOfForbidden(each, Array.isArray(value) ? `${path}[${key}]` : name, levels - 1);
    if (found !== undefined) return found;
  }
  return undefined;
}
