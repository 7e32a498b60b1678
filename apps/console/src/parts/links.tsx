import './links.css';
import { Link } from '@tanstack/react-router';
import { Words } from './texts';

export { shortId } from './wording';

/** A saga by its business key, or by its id. */
export function SagaLink({ id, subject }: { readonly id: string; readonly subject?: string }) {
  return (
    <Link
      to="/sagas/$id"
      params={{ id }}
      className="saga-link"
      title={subject === undefined ? id : `Saga ${id} of ${subject.slice(0, 200)}`}
    >
      <Words most={40}>{subject ?? id}</Words>
    </Link>
  );
}

export function DefinitionLink({ name, version }: { readonly name: string; readonly version?: number }) {
  return (
    <Link
      to="/definitions/$name"
      params={{ name }}
      search={version === undefined ? {} : { version: String(version) }}
      className="definition-link"
    >
      <Words most={60}>{version === undefined ? name : `${name} v${version}`}</Words>
    </Link>
  );
}
