import { Screen } from '../../parts/screen';

export function Definition() {
  return <Screen title="Definition">{null}</Screen>;
}
