import { Screen } from '../../parts/screen';

export function Definitions() {
  return <Screen title="Definitions">{null}</Screen>;
}
