/** `source` of what a service, or an orchestrator, sends. */
export function sourceOf(name: string): string {
  return `/palinode/${name}`;
}
