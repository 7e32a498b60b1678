import * as fc from 'fast-check';
import { refusalOfOrigin } from './request-origin';

const names = { host: 'shop-1.internal', allowed: ['shop.example', '*.pages.example'] };

const codeOf = (headers: Record<string, string>, method = 'POST'): string =>
  refusalOfOrigin({ method, headers }, names)?.code ?? 'answered';

describe('the header Host', () => {
  it.each([
    'localhost:3000',
    'LOCALHOST',
    'order.localhost:3001',
    '127.0.0.1:3001',
    '127.9.9.9',
    '10.0.3.7:3001',
    '[::1]:3001',
    'shop-1.internal',
    'shop.example',
    'shop.example.:443',
    'a.pages.example',
  ])('accepts the Host header when it is %s', (host) => {
    expect(codeOf({ host })).toBe('answered');
  });

  it.each([
    'rebind.evil.example',
    'rebind.evil.example:3000',
    'shop.example.evil.example',
    'evilshop.example',
    'pages.example',
    'localhost.evil.example',
    '127.0.0.1.nip.example',
    'order',
    'evil.example\\@shop.example',
    'a b',
    '',
  ])('rejects the Host header %j for every method', (host) => {
    for (const method of ['GET', 'HEAD', 'POST', 'DELETE']) expect(codeOf({ host }, method)).toBe('unknown-host');
  });

  it('rejects every Host name that is not allowed, and accepts all with *', () => {
    fc.assert(
      fc.property(fc.domain(), (host) => {
        const all = { host: '0.0.0.0', allowed: ['*'] };
        return (
          codeOf({ host }) ===
            (host === 'shop.example' || host.endsWith('.pages.example') ? 'answered' : 'unknown-host') &&
          refusalOfOrigin({ method: 'GET', headers: { host } }, all) === undefined
        );
      }),
    );
  });

  it('accepts a missing Host header, as in HTTP/1.0', () => {
    expect(codeOf({})).toBe('answered');
  });
});

describe('a request that a browser sends', () => {
  const host = '127.0.0.1:3000';

  it.each<[string, Record<string, string>]>([
    ['a page of the service', { 'sec-fetch-site': 'same-origin', origin: 'http://127.0.0.1:3000' }],
    ['a page of the service, behind TLS', { host: 'shop.example', origin: 'https://shop.example' }],
    ['an allowed page, behind a proxy', { 'sec-fetch-site': 'same-origin', origin: 'https://shop.example' }],
    ['an allowed page of another origin', { 'sec-fetch-site': 'cross-site', origin: 'https://a.pages.example' }],
    ['its user', { 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate' }],
    ['a program that is no browser', { 'sec-fetch-mode': 'cors' }],
  ])('answers a browser request from %s', (_who, headers) => {
    expect(codeOf({ host, ...headers })).toBe('answered');
  });

  it.each<[string, Record<string, string>]>([
    ['another site', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }],
    ['another site, and says so by Origin alone', { origin: 'https://evil.example' }],
    ['another site, and says so by Sec-Fetch-Site alone', { 'sec-fetch-site': 'cross-site' }],
    ['another port of this machine', { 'sec-fetch-site': 'same-site', origin: 'http://127.0.0.1:8080' }],
    ['another port of this machine, in an old browser', { origin: 'http://localhost:8080' }],
    ['a sandboxed frame', { origin: 'null' }],
    ['an unreadable origin', { origin: 'what?' }],
    [
      'a form of another site',
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', origin: 'https://e.example' },
    ],
  ])('rejects a browser request from %s, with any method', (_who, headers) => {
    const codes = ['GET', 'POST', 'PATCH', 'DELETE'].map((method) => codeOf({ host, ...headers }, method));
    expect(new Set(codes)).toEqual(new Set(['cross-origin']));
  });

  it('answers links from another site, and rejects its frames and posts', () => {
    const link = { host, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
    expect(codeOf(link, 'GET')).toBe('answered');
    expect(codeOf(link, 'POST')).toBe('cross-origin');
    expect(codeOf({ ...link, 'sec-fetch-dest': 'iframe' }, 'GET')).toBe('cross-origin');
  });
});
