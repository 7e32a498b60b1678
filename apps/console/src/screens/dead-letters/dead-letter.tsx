import { Screen } from '../../parts/screen';

export function DeadLetter() {
  return <Screen title="Dead letter">{null}</Screen>;
}
