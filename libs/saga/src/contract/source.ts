/** Returns the `source` attribute of messages from a service or an orchestrator. */
export function sourceOf(name: string): string {
  return `/palinode/${name}`;
}
