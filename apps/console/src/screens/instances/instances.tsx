import { Screen } from '../../parts/screen';

export function Instances() {
  return <Screen title="Instances">{null}</Screen>;
}
