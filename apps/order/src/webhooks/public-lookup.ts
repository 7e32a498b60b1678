import { lookup as resolve, type LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { isPublicAddress } from './public-address';

/** The host name resolves to an address that webhooks must not be sent to. */
export class PrivateAddressError extends Error {
  override readonly name = 'PrivateAddressError';

  constructor(host: string) {
    super(`${host} resolves to a private address`);
  }
}

export type Resolve = (host: string) => Promise<readonly LookupAddress[]>;

const everyAddress: Resolve = (host) =>
  new Promise((settle, reject) => {
    resolve(host, { all: true }, (error, addresses) => (error ? reject(error) : settle(addresses)));
  });

/**
 * Resolves the name once and connects to the addresses that were checked here, so that a second DNS answer cannot change the
 * target. One private address among several rejects all.
 */
export function publicLookup(resolveHost: Resolve = everyAddress): LookupFunction {
  return (host, options, found) => {
    const answer = async (): Promise<readonly LookupAddress[]> => {
      const addresses = await resolveHost(host);
      if (addresses.length === 0 || !addresses.every(({ address }) => isPublicAddress(address)))
        throw new PrivateAddressError(host);
      return addresses;
    };
    // oxlint-disable-next-line promise/no-callback-in-promise -- Node asks for a callback
    answer().then(
      (addresses) => {
        const [{ address, family }] = addresses as [LookupAddress];
        if (options.all) found(null, [...addresses]);
        else found(null, address, family);
      },
      (error: Error) => found(error, ''),
    );
  };
}
