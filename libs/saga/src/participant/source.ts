/** `source` of what a service sends. */
export function sourceOf(service: string): string {
  return `/palinode/${service}`;
}
