import { admin, dataOf, type Admin } from '../../api/client';
import { operatorHeader } from '../../parts/operator';

export type ActionName = 'pause' | 'resume' | 'retry' | 'cancel' | 'resolve' | 'skip';

export interface ActionRequest {
  readonly reason: string;
  readonly operator: string;
  /** The revision that the operator saw: if somebody has changed the saga since, the API refuses (412). */
  readonly revision: number;
  readonly step?: string | undefined;
  readonly attempts?: number | undefined;
  readonly outcome?: 'success' | 'failure' | undefined;
  readonly reply?: unknown;
}

/** Acts on a saga; with `dryRun`, only finds out what the action would do. Throws the API's problem. */
export function act(
  id: string,
  name: ActionName,
  request: ActionRequest & { readonly dryRun: true },
): Promise<Admin['ActionPreviewView']>;
export function act(id: string, name: ActionName, request: ActionRequest): Promise<Admin['SagaDetail']>;
export function act(
  id: string,
  name: ActionName,
  {
    reason,
    operator,
    revision,
    step,
    attempts,
    outcome = 'success',
    reply,
    dryRun,
  }: ActionRequest & { dryRun?: boolean },
): Promise<Admin['SagaDetail'] | Admin['ActionPreviewView']> {
  const params = {
    path: { id },
    header: { 'If-Match': `"${revision}"`, ...operatorHeader(operator) },
    query: dryRun === true ? { dryRun } : {},
  };
  switch (name) {
    case 'resume':
      return dataOf(admin.POST('/v1/sagas/{id}/resume', { params, body: { reason, attempts } }));
    case 'pause':
      return dataOf(admin.POST('/v1/sagas/{id}/pause', { params, body: { reason } }));
    case 'retry':
      return dataOf(admin.POST('/v1/sagas/{id}/retry', { params, body: { reason } }));
    case 'cancel':
      return dataOf(admin.POST('/v1/sagas/{id}/cancel', { params, body: { reason } }));
    case 'skip':
      return dataOf(admin.POST('/v1/sagas/{id}/skip', { params, body: { reason, step: step ?? '' } }));
    default:
      return dataOf(
        admin.POST('/v1/sagas/{id}/resolve', {
          params,
          body: { reason, step: step ?? '', outcome, reply: reply as Record<string, never> | undefined },
        }),
      );
  }
}
