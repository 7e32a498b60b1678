import { useQuery } from '@tanstack/react-query';
import { admin, dataOf } from '../../api/client';
import { DefinitionGraph } from '../../graph/graph';
import { wayOf } from '../../graph/overlay';
import { Loaded } from '../../parts/loaded';
import { Nothing } from '../../parts/nothing';
import type { TabProps } from './tab-props';

/** The graph of the definition, with the way of this saga. */
export function GraphTab({ saga: { definition: name, version, steps } }: TabProps) {
  const isKnown = steps.length > 0;
  const query = useQuery({
    queryKey: ['definitions', name, String(version)],
    queryFn: () => dataOf(admin.GET('/v1/definitions/{name}', { params: { path: { name }, query: { version } } })),
    enabled: isKnown,
  });
  if (!isKnown)
    return (
      <Nothing title="The definition is not known">
        The orchestrator that answered does not have {name} v{version}. The history has what happened.
      </Nothing>
    );
  return <Loaded query={query}>{({ stages }) => <DefinitionGraph stages={stages} overlay={wayOf(steps)} />}</Loaded>;
}
