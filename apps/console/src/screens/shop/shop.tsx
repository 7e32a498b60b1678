import { Screen } from '../../parts/screen';

export function ShopScreen() {
  return <Screen title="Shop">{null}</Screen>;
}
