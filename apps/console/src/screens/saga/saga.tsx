import { Screen } from '../../parts/screen';

export function Saga() {
  return <Screen title="Saga">{null}</Screen>;
}
