import { Screen } from '../../parts/screen';

export function Holds() {
  return <Screen title="Holds">{null}</Screen>;
}
