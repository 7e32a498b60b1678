import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';
import { invalidRequest, Problem, rejectRequest } from '@palinode/saga/http';
import { isAllowedText, jsonProblem, type JsonProblem } from '@palinode/saga/contract';

const MAX_BYTES = 64 * 1024;
const MAX_DEPTH = 32;
/** Validation takes microseconds per value, even in a list that is too long. */
const MAX_VALUES = 2_000;

const PROBLEMS: Readonly<Record<JsonProblem, string>> = {
  'too-deep': `nests more than ${MAX_DEPTH} levels deep`,
  'too-many': `has more than ${MAX_VALUES} values`,
  'forbidden-text': 'has text with NUL or half a surrogate pair',
};

/** Accepts only JSON bodies of limited size and depth. */
export function acceptJson(app: NestExpressApplication): void {
  app.use(requireText);
  app.use(requireJson);
  // Nest's type lacks `verify`, the only hook between reading and parsing a body.
  const options = { limit: MAX_BYTES, type: 'application/json', verify: requireSafe };
  app.useBodyParser('json', options);
}

/** Rejects addresses with NUL, which PostgreSQL cannot store. */
function requireText({ url }: Request, _response: Response, next: NextFunction): void {
  if (!url.includes('%00')) return next();
  next(invalidRequest([{ field: 'url', problem: 'has NUL' }]));
}

function requireJson(request: Request, _response: Response, next: NextFunction): void {
  const { 'content-type': contentType, 'content-length': length, 'transfer-encoding': encoding } = request.headers;
  const hasBody = encoding !== undefined || (length !== undefined && length !== '0');
  if (!hasBody || isUtf8Json(contentType)) return next();
  next(
    new Problem(415, {
      code: 'not-json',
      title: 'Unsupported media type',
      detail: 'Send the body as application/json in UTF-8.',
    }),
  );
}

/** Rejects encodings other than UTF-8, because the depth is counted in bytes. */
function isUtf8Json(contentType = ''): boolean {
  const [type = '', ...parameters] = contentType.toLowerCase().split(';');
  const charset = parameters.map((each) => each.trim()).find((each) => each.startsWith('charset='));
  return type.trim() === 'application/json' && (charset === undefined || /^charset="?utf-8"?$/.test(charset));
}

/** The body parser replaces errors that are thrown here, so the reason is stored beside the request. */
function requireSafe(request: object, _response: unknown, body: Buffer): void {
  const why = jsonProblem(body, MAX_DEPTH, MAX_VALUES);
  if (why === undefined) return;
  const problem = PROBLEMS[why];
  const field = why === 'forbidden-text' ? forbiddenField(body) : 'body';
  rejectRequest(request, invalidRequest([{ field, problem }]));
  throw new Error(why);
}

/** The field with the forbidden text; the whole body when the text is too deep, in a field's name, or not in JSON. */
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
