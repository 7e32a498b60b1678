import type { BulkActionStore } from '../../bulk-actions';
import type { DeadLetterStore } from '../../dead-letters';
import type { Holds, HoldStore } from '../../holds';
import { bulkActionViewOf } from '../bulk-actions/present-bulk-action';
import { letterSummaryOf } from '../dead-letters/present-dead-letter';
import { holdViewOf } from '../holds/present-hold';
import type { IncidentReader } from '../incidents/incident-reader';
import type { OperatorActionReader } from '../operator-action-reader';
import type { ChangeKind } from './stream-events';
import type { IncidentChangeView } from './stream.view';

/** Something that changed, as it is now. */
export interface ChangedThing {
  readonly data: { readonly id: string };
  /** The saga that it concerns. */
  readonly saga?: string | undefined;
}

interface ChangeViewsParts {
  readonly incidents: IncidentReader;
  readonly holds: Holds;
  readonly holdStore: HoldStore;
  readonly deadLetters: DeadLetterStore;
  readonly bulkActions: BulkActionStore;
  readonly operatorActions: OperatorActionReader;
}

/** Reads incidents, holds, dead letters, bulk actions and operator actions as their lists show them. */
export class ChangeViews {
  private readonly readers: Readonly<
    Record<ChangeKind, (ids: readonly string[]) => ChangedThing[] | Promise<ChangedThing[]>>
  > = {
    incident: (ids) => this.incidents(ids),
    hold: (ids) => this.holds(ids),
    'dead-letter': (ids) => this.deadLetters(ids),
    'bulk-action': (ids) => this.bulkActions(ids),
    'operator-action': (ids) => this.operatorActions(ids),
    fault: (ids) => ids.map((id) => ({ data: { id } })),
  };

  constructor(private readonly parts: ChangeViewsParts) {}

  async read(kind: ChangeKind, ids: readonly string[]): Promise<ChangedThing[]> {
    return this.readers[kind](ids);
  }

  private async incidents(ids: readonly string[]): Promise<ChangedThing[]> {
    const found = new Map((await this.parts.incidents.paused(ids)).map((incident) => [incident.id, incident]));
    return ids.map((id) => {
      const incident = found.get(id);
      const data: IncidentChangeView = { id, count: incident?.count ?? 0, ...(incident && { incident }) };
      return { data };
    });
  }

  private async holds(ids: readonly string[]): Promise<ChangedThing[]> {
    const found = await this.parts.holdStore.withIds(ids);
    const { each } = await this.parts.holds.waitingFor(found);
    return found.map((hold) => ({ data: holdViewOf(hold, each.get(hold.id)) }));
  }

  private async deadLetters(ids: readonly string[]): Promise<ChangedThing[]> {
    const found = await this.parts.deadLetters.withIds(ids);
    return found.map((letter) => ({ data: letterSummaryOf(letter), saga: letter.sagaId }));
  }

  private async bulkActions(ids: readonly string[]): Promise<ChangedThing[]> {
    const found = await this.parts.bulkActions.withIds(ids);
    const progress = await this.parts.bulkActions.progressOf(found.map(({ id }) => id));
    return found.flatMap((bulkAction) => {
      const of = progress.get(bulkAction.id);
      return of === undefined ? [] : [{ data: bulkActionViewOf(bulkAction, of) }];
    });
  }

  private async operatorActions(ids: readonly string[]): Promise<ChangedThing[]> {
    const found = await this.parts.operatorActions.withIds(ids);
    return found.map((data) => ({ data, saga: data.saga }));
  }
}
