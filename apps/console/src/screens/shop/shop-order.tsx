import { Screen } from '../../parts/screen';

export function ShopOrder() {
  return <Screen title="Order">{null}</Screen>;
}
