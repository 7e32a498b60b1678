import { Screen } from '../../parts/screen';

export function Faults() {
  return <Screen title="Faults">{null}</Screen>;
}
