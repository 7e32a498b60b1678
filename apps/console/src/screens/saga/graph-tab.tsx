import { Nothing } from '../../parts/nothing';
import type { TabProps } from './tab-props';

/** The graph of the definition, with the way of this saga. */
export function GraphTab({ saga }: TabProps) {
  return (
    <Nothing title="No graph">
      {saga.mermaid === undefined ? 'The orchestrator that answered does not have the definition of this saga.' : ''}
    </Nothing>
  );
}
