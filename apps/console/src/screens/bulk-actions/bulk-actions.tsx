import { Screen } from '../../parts/screen';

export function BulkActions() {
  return <Screen title="Bulk actions">{null}</Screen>;
}
