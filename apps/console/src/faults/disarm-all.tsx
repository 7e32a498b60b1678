import { ActButton } from '../parts/act-button';
import { useArming } from './use-faults';

/** A button that disarms all faults. */
export function DisarmAll({ whyNot }: { readonly whyNot?: string | undefined }) {
  const { disarmAll } = useArming();
  return (
    <ActButton
      size="compact-xs"
      variant="default"
      whyNot={whyNot}
      busy={disarmAll.isPending}
      onClick={() => disarmAll.mutate()}
    >
      Disarm all
    </ActButton>
  );
}
