import { Screen } from '../../parts/screen';

export function DeadLetters() {
  return <Screen title="Dead letters">{null}</Screen>;
}
