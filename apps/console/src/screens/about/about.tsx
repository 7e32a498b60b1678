import { Screen } from '../../parts/screen';

export function About() {
  return <Screen title="About">{null}</Screen>;
}
