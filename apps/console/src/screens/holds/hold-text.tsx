import type { Admin } from '../../api/schemas';

/** `payment.capture of place-order v2`: what a hold holds. */
export function heldText({ service, command, definition, version, step }: Admin['HoldWhereView']): string {
  const what = command ?? (service === undefined ? 'all commands' : `all of ${service}`);
  const of = definition === undefined ? '' : ` of ${definition}${version === undefined ? '' : ` v${version}`}`;
  return `${what}${of}${step === undefined ? '' : ` at ${step}`}`;
}

export const CAUSES: Readonly<Record<Admin['HoldView']['cause'], string>> = {
  'by-hand': 'by an operator',
  silence: 'it does not answer',
  failures: 'it fails',
};
