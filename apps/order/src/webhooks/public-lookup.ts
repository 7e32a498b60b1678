import { lookup as resolve, type LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { isPublicAddress } from './public-address';

/** A name leads to an address that webhooks must not be sent to. */
export class PrivateAddressError extends Error {
  override readonly name = 'PrivateAddressError';

  constructor(host: string) {
    super(`${host} leads to a private address`);
  }
}

export type Resolve = (host: string) => Promise<readonly LookupAddress[]>;

const everyAddress: Resolve = (host) =>
  new Promise((settle, reject) => {
    resolve(host, { all: true }, (error, addresses) => (error ? reject(error) : settle(addresses)));
  });

/**
 * How a connection finds its address: the name is resolved once, and the connection goes to what was looked at here. A name
 * that answers differently a moment later gains nothing by it. One private address among several refuses all.
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
