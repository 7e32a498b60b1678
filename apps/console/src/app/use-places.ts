import { useFaultCatalog } from '../faults/use-faults';
import { places } from './places';

/** The screens of this backend: without faults, as in production, there is no screen for them. */
export function usePlaces(): readonly (typeof places)[number][] {
  const faults = useFaultCatalog();
  return places.filter(({ to }) => to !== '/faults' || faults !== undefined);
}
