import { DefinitionGraph } from '../../graph/graph';
import { wayOf } from '../../graph/overlay';
import { useDefinition } from '../../graph/use-definition';
import { Loaded } from '../../parts/loaded';
import { Nothing } from '../../parts/nothing';
import type { TabProps } from './tab-props';

/** The graph of the definition, with the way of this saga. */
export function GraphTab({ saga: { definition: name, version, steps } }: TabProps) {
  const isKnown = steps.length > 0;
  const query = useDefinition(isKnown ? name : undefined, version);
  if (!isKnown)
    return (
      <Nothing title="The definition is not known">
        The orchestrator that answered does not have {name} v{version}. The history has what happened.
      </Nothing>
    );
  return <Loaded query={query}>{({ stages }) => <DefinitionGraph stages={stages} overlay={wayOf(steps)} />}</Loaded>;
}
