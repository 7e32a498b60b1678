import { isPublicAddress } from './public-address';
import { publicLookup } from './public-lookup';
import { targetRejection } from './webhook-target';

const rules = { hosts: ['hooks.example.com', '*.shop.example', '2606:4700::1111'], privateTargets: false };
const everywhere = { hosts: ['*'], privateTargets: false };

/** Spellings of private addresses. */
const PRIVATE_URLS = [
  'https://127.0.0.1/',
  'https://127.1/',
  'https://2130706433/',
  'https://0x7f000001/',
  'https://0177.0.0.1/',
  'https://0/',
  'https://10.1.2.3/',
  'https://172.16.0.1/',
  'https://192.168.0.1/',
  'https://169.254.169.254/latest/meta-data/',
  'https://100.64.0.1/',
  'https://198.18.0.1/',
  'https://224.0.0.1/',
  'https://255.255.255.255/',
  'https://１２７.０.０.１/',
  'https://127。0。0。1/',
  'https://[::1]/',
  'https://[::]/',
  'https://[::ffff:127.0.0.1]/',
  'https://[::ffff:7f00:1]/',
  'https://[::ffff:169.254.169.254]/',
  'https://[::127.0.0.1]/',
  'https://[64:ff9b::7f00:1]/',
  'https://[2002:7f00:1::]/',
  'https://[2001::1]/',
  'https://[fe80::1]/',
  'https://[fc00::1]/',
  'https://[fd00:ec2::254]/',
  'https://[ff02::1]/',
];

describe('the target of a webhook', () => {
  it.each([
    'https://hooks.example.com/orders?of=1',
    'https://HOOKS.example.com./',
    'https://a.b.shop.example:8443/',
    'https://[2606:4700::1111]/',
  ])('accepts a webhook URL that is %s', (url) => {
    expect(targetRejection(url, rules)).toBeUndefined();
  });

  it.each([
    ['a text that is not a URL', 'hooks.example.com', /https URL/],
    ['a plain HTTP URL', 'http://hooks.example.com/', /https URL/],
    ['a file URL', 'file:///etc/passwd', /https URL/],
    ['a gopher URL', 'gopher://hooks.example.com/', /https URL/],
    ['a URL with a password', 'https://user:secret@hooks.example.com/', /password/],
    ['a URL with a user that looks like the host', 'https://hooks.example.com@evil.example/', /user/],
    ['a host that is not allowed', 'https://evil.example/', /host/],
    ['a host that only ends like an allowed one', 'https://evilshop.example/', /host/],
    ['the parent domain of an allowed wildcard', 'https://shop.example/', /host/],
    ['a URL that is too long', `https://hooks.example.com/${'x'.repeat(2_048)}`, /2048/],
  ])('rejects a webhook URL that is %s', (_what, url, rejection) => {
    expect(targetRejection(url, rules)).toMatch(rejection);
  });

  it.each(PRIVATE_URLS)('rejects the webhook URL %s, even if every host is allowed', (url) => {
    expect(targetRejection(url, everywhere)).toMatch(/private address|https URL/);
  });

  it('accepts a private address over plain HTTP in development', () => {
    expect(targetRejection('http://127.0.0.1:8080/', { hosts: ['127.0.0.1'], privateTargets: true })).toBeUndefined();
  });
});

describe('the host name of a webhook', () => {
  const lookUp = (addresses: readonly string[], all = false): Promise<unknown> =>
    new Promise((settle, reject) => {
      const family = (address: string): number => (address.includes(':') ? 6 : 4);
      const resolved = addresses.map((address) => ({ address, family: family(address) }));
      publicLookup(async () => resolved)('hooks.example.com', { all }, (error, found) =>
        error ? reject(error) : settle(found),
      );
    });

  it('resolves a webhook host to the addresses that were checked', async () => {
    expect(await lookUp(['8.8.8.8', '2606:4700::1111'])).toBe('8.8.8.8');
    expect(await lookUp(['8.8.8.8', '2606:4700::1111'], true)).toEqual([
      { address: '8.8.8.8', family: 4 },
      { address: '2606:4700::1111', family: 6 },
    ]);
  });

  it.each(['127.0.0.1', '169.254.169.254', '10.0.0.7', '::1', '::ffff:10.0.0.7', 'fe80::1', '64:ff9b::a00:7'])(
    'rejects a webhook host when one of its addresses is %s',
    async (address) => {
      await expect(lookUp(['8.8.8.8', address], true)).rejects.toThrow('resolves to a private address');
    },
  );

  it('rejects a webhook host without an address, or with a malformed one', async () => {
    await expect(lookUp([])).rejects.toThrow('private address');
    expect(isPublicAddress('hooks.example.com')).toBe(false);
  });
});
