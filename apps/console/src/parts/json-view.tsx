import './json-view.css';
import { Button } from '@mantine/core';
import { useState } from 'react';
import { cut } from './texts';

/** How many members of an object or a list are drawn before somebody asks for the rest. */
const MOST_MEMBERS = 50;
const MOST_CHARACTERS = 2_000;

/** Data as they are: each text isolated, long ones cut, deep and long structures folded. */
export function JsonView({ value, label }: { readonly value: unknown; readonly label: string }) {
  return (
    // A region that scrolls can be reached by the keyboard.
    <div className="json-view" role="region" aria-label={label} tabIndex={0}>
      <Value value={value} depth={0} />
    </div>
  );
}

function Value({ value, depth }: { readonly value: unknown; readonly depth: number }) {
  if (typeof value === 'string') return <Words text={value} />;
  if (typeof value !== 'object' || value === null)
    return <span className="json-plain">{value === undefined ? '—' : JSON.stringify(value)}</span>;
  const members = Object.entries(value);
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  if (members.length === 0) return <span>{`${open}${close}`}</span>;
  return (
    <details open={depth < 3}>
      <summary>
        {open}
        <span className="json-size">{` ${members.length} `}</span>
        <span className="json-close">{close}</span>
      </summary>
      <Members members={members} named={!Array.isArray(value)} depth={depth + 1} />
      {close}
    </details>
  );
}

function Members({
  members,
  named,
  depth,
}: {
  readonly members: readonly (readonly [string, unknown])[];
  readonly named: boolean;
  readonly depth: number;
}) {
  const [shown, setShown] = useState(MOST_MEMBERS);
  return (
    <ul>
      {members.slice(0, shown).map(([name, value]) => (
        <li key={name}>
          {named && (
            <>
              <bdi className="json-name" title={name.length > 120 ? name.slice(0, 2_000) : undefined}>
                {cut(name, 120)}
              </bdi>
              {': '}
            </>
          )}
          <Value value={value} depth={depth} />
        </li>
      ))}
      {members.length > shown && (
        <li>
          <Button size="compact-xs" variant="subtle" onClick={() => setShown(shown + 500)}>
            {members.length - shown} more
          </Button>
        </li>
      )}
    </ul>
  );
}

function Words({ text }: { readonly text: string }) {
  const [whole, setWhole] = useState(false);
  return (
    <span className="json-text">
      &quot;<bdi>{whole ? text : cut(text, MOST_CHARACTERS)}</bdi>&quot;
      {!whole && text.length > MOST_CHARACTERS && (
        <Button size="compact-xs" variant="subtle" onClick={() => setWhole(true)}>
          show all {text.length} characters
        </Button>
      )}
    </span>
  );
}
