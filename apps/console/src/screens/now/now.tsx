import { Screen } from '../../parts/screen';

export function Now() {
  return <Screen title="Now">{null}</Screen>;
}
