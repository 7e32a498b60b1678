import { Screen } from '../../parts/screen';

export function Audit() {
  return <Screen title="Audit">{null}</Screen>;
}
