import { Screen } from '../../parts/screen';

export function Incidents() {
  return <Screen title="Incidents">{null}</Screen>;
}
