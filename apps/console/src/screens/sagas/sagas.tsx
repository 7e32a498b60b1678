import { Screen } from '../../parts/screen';

export function Sagas() {
  return <Screen title="Sagas">{null}</Screen>;
}
