import { Screen } from '../../parts/screen';

export function BulkAction() {
  return <Screen title="Bulk action">{null}</Screen>;
}
