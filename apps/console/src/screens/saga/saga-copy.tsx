import { admin, dataOf } from '../../api/client';
import { mermaidOf } from '../../diagram/mermaid';
import { CopyMenu, curlToCopy, linkToCopy, palinodeToCopy } from '../../parts/copy-menu';
import type { SagaDetail } from './use-saga';

/** The saga in the forms in which people pass it on. */
export function SagaCopy({ saga }: { readonly saga: SagaDetail }) {
  const { id } = saga;
  const recording = async (): Promise<string> =>
    JSON.stringify(await dataOf(admin.GET('/v1/sagas/{id}/recording', { params: { path: { id } } })), undefined, 2);
  return (
    <CopyMenu
      items={[
        linkToCopy(),
        curlToCopy(`/v1/sagas/${id}`),
        palinodeToCopy('saga', id),
        { label: 'Mermaid sequence diagram', text: () => mermaidOf(saga) },
        { label: 'Test recording', text: recording },
      ]}
    />
  );
}
