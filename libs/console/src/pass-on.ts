import { createProxyMiddleware, fixRequestBody, type RequestHandler } from 'http-proxy-middleware';
import { ServerResponse } from 'node:http';

/**
 * Passes requests below a path on to a service's HTTP API, with the path cut off; event streams as well. The origin is
 * that of this application, which has checked it already.
 */
export function passOn(prefix: string, url: string): RequestHandler {
  return createProxyMiddleware({
    target: url,
    changeOrigin: true,
    pathRewrite: (_path, request) => {
      const { originalUrl } = request as { originalUrl?: string };
      return (originalUrl ?? request.url ?? '/').slice(prefix.length);
    },
    on: {
      proxyReq: (passed, request) => {
        for (const header of ['origin', 'referer', 'sec-fetch-site', 'sec-fetch-mode', 'sec-fetch-dest'])
          passed.removeHeader(header);
        fixRequestBody(passed, request);
      },
      error: (_error, _request, response) => {
        if (!(response instanceof ServerResponse) || response.headersSent) {
          response.destroy();
          return;
        }
        response.writeHead(502, { 'content-type': 'application/problem+json' });
        response.end(
          JSON.stringify({
            type: 'about:blank',
            title: 'Service not reachable',
            status: 502,
            detail: `${url} does not answer.`,
          }),
        );
      },
    },
  });
}
