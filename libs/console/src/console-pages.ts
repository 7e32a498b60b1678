import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import sirv from 'sirv';

export interface ServedPages {
  readonly folder: string;
  readonly path: string;
  readonly adminPath: string;
  /** The names of the services whose APIs are passed on. */
  readonly services: readonly string[];
}

/** What a middleware of Nest gets: `originalUrl` has the path as it was requested. */
type PageRequest = IncomingMessage & { readonly originalUrl?: string };

/**
 * Serves the built console: its assets, whose names carry a hash, as immutable; its page for every other path, so that a
 * deep link opens the view that it names.
 */
export class ConsolePages {
  private readonly assets: sirv.RequestHandler;
  private readonly prefix: string;
  private page: string | undefined;

  constructor(private readonly served: ServedPages) {
    this.prefix = `/${served.path}/`;
    this.assets = sirv(served.folder, { dev: true, brotli: true, gzip: true });
  }

  /** The middleware. */
  readonly answer = (request: PageRequest, response: ServerResponse, next: () => void): void => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return next();
    const requested = new URL(request.originalUrl ?? request.url ?? '/', 'http://console').pathname;
    if (requested.startsWith(`${this.prefix}assets/`)) return this.asset(requested, response, request);
    this.answerPage(response);
  };

  private asset(requested: string, response: ServerResponse, request: PageRequest): void {
    const { url } = request;
    request.url = `/${requested.slice(this.prefix.length)}`;
    response.setHeader('cache-control', 'public, max-age=31536000, immutable');
    this.assets(request, response, () => {
      request.url = url;
      response.setHeader('cache-control', 'no-store').writeHead(404, { 'content-type': 'text/plain; charset=utf-8' });
      response.end('The console has no such file; reload the page, since a new version may have been installed.\n');
    });
  }

  private answerPage(response: ServerResponse): void {
    const file = join(this.served.folder, 'index.html');
    if (this.page === undefined && !existsSync(file)) return notBuilt(response, this.served.folder);
    this.page ??= readFileSync(file, 'utf8');
    const nonce = randomBytes(16).toString('base64');
    const { adminPath, services } = this.served;
    const settings = { nonce, adminPath: adminPath === '' ? '' : `/${adminPath}`, services };
    response.writeHead(200, {
      'content-type': 'text/html; charset=utf-8',
      // It names the assets of this version, and its nonce is for this response.
      'cache-control': 'no-store',
      'content-security-policy': policy(nonce),
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    });
    response.end(
      this.page.replace(
        '<!-- settings -->',
        `<base href="${this.prefix}" /><script id="settings" type="application/json">${escaped(settings)}</script>`,
      ),
    );
  }
}

/** Only files of this origin, and styles that the page itself inserts. */
function policy(nonce: string): string {
  return [
    `default-src 'none'`,
    `script-src 'self'`,
    `style-src 'self' 'nonce-${nonce}'`,
    `img-src 'self' data:`,
    `font-src 'self'`,
    `connect-src 'self'`,
    `base-uri 'self'`,
    `form-action 'none'`,
    `frame-ancestors 'none'`,
  ].join('; ');
}

/** JSON that cannot end the script element around it. */
function escaped(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}

function notBuilt(response: ServerResponse, folder: string): void {
  response.writeHead(503, {
    'content-type': 'text/plain; charset=utf-8',
    'retry-after': '5',
    'cache-control': 'no-store',
  });
  response.end(`The console is not built yet: ${folder} has no index.html. Run npm run console:build, then reload.\n`);
}
