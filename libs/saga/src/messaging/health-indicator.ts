/** The result of a health indicator of `@nestjs/terminus`, under a key of the caller's choice. */
export type HealthIndication<Key extends string> = Record<
  Key,
  { readonly status: 'up' } | { readonly status: 'down'; readonly message: string }
>;

/** Up, or down with the problem. */
export function indicate<Key extends string>(key: Key, problem: string | undefined): HealthIndication<Key> {
  const state = problem === undefined ? { status: 'up' } : { status: 'down', message: problem };
  return { [key]: state } as HealthIndication<Key>;
}
