import { Alert, Anchor, Stack, Textarea } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { admin, dataOf, type Admin } from '../../api/client';
import { Problem } from '../../api/problem';
import { ActionDialog } from '../../parts/action-dialog';
import { ActButton } from '../../parts/act-button';
import { operatorHeader } from '../../parts/operator';

type Letter = Admin['DeadLetterDetail'];

export function DeadLetterLink({ id }: { readonly id: string }) {
  return (
    <Anchor ff="monospace" fz="xs" renderRoot={(props) => <Link to="/dead-letters/$id" params={{ id }} {...props} />}>
      {id}
    </Anchor>
  );
}

/** Redrive or discard: the first decision stands. */
export function LetterDecision({ letter }: { readonly letter: Letter }) {
  const [deciding, setDeciding] = useState<'redrive' | 'discard'>();
  if (letter.status !== 'open') return null;
  const close = (): void => setDeciding(undefined);
  return (
    <>
      <ActButton size="xs" whyNot={letter.notRedrivable?.detail} onClick={() => setDeciding('redrive')}>
        Redrive …
      </ActButton>
      <ActButton size="xs" variant="default" onClick={() => setDeciding('discard')}>
        Discard …
      </ActButton>
      {deciding === 'redrive' && <Redrive id={letter.id} onClose={close} />}
      {deciding === 'discard' && <Discard id={letter.id} onClose={close} />}
    </>
  );
}

/** Says what is masked, and shows the whole message to who gives a reason for it. */
export function Masked({
  letter,
  onRevealed,
}: {
  readonly letter: Letter;
  readonly onRevealed: (letter: Letter) => void;
}) {
  const [asking, setAsking] = useState(false);
  if (letter.masked === undefined) return null;
  return (
    <Alert
      color="gray"
      variant="light"
      title={letter.masked === 'whole' ? 'The message is withheld' : 'Sensitive fields are masked'}
    >
      <Stack gap="xs" align="start">
        {letter.masked === 'whole'
          ? 'No known contract says which of its fields are sensitive.'
          : 'They are shown to who gives a reason, which stays in the operator log.'}
        <ActButton size="xs" variant="default" onClick={() => setAsking(true)}>
          Show the whole message …
        </ActButton>
      </Stack>
      {asking && (
        <ActionDialog
          opened
          onClose={() => setAsking(false)}
          title="Show the whole message"
          confirm="Show it"
          explanation="It may have data of customers. That you have seen it stays in the operator log."
          send={({ reason, operator }) =>
            dataOf(
              admin.POST('/v1/dead-letters/{id}/reveal', {
                params: { path: { id: letter.id }, header: operatorHeader(operator) },
                body: { reason },
              }),
            )
          }
          onDone={onRevealed}
        />
      )}
    </Alert>
  );
}

interface DecisionProps {
  readonly id: string;
  readonly onClose: () => void;
}

function Redrive({ id, onClose }: DecisionProps) {
  const [override, setOverride] = useState('');
  const [doubt, setDoubt] = useState<string>();
  const queries = useQueryClient();
  return (
    <ActionDialog
      opened
      onClose={onClose}
      title="Redrive this message"
      confirm="Redrive"
      explanation="It is sent again to its topic with the same key, bytes and id, so it has at most one effect."
      send={async ({ reason, operator }) => {
        try {
          return await dataOf(
            admin.POST('/v1/dead-letters/{id}/redrive', {
              params: { path: { id }, header: operatorHeader(operator) },
              body: { reason, ...(override.trim() === '' ? {} : { override: override.trim() }) },
            }),
          );
        } catch (error) {
          if (error instanceof Problem && error.members.type === 'urn:palinode:problem:doubted')
            setDoubt(error.message);
          throw error;
        }
      }}
      onDone={() => void queries.invalidateQueries({ queryKey: ['dead-letters'] })}
    >
      {(problemAt) =>
        doubt !== undefined && (
          <Stack gap="xs">
            <Alert color="orange" title="It is not certain that this message came from its topic">
              {doubt}
            </Alert>
            <Textarea
              label="How you know that it is genuine"
              description="Stays with the letter and in the operator log"
              value={override}
              error={problemAt('override')}
              onChange={({ currentTarget }) => setOverride(currentTarget.value)}
            />
          </Stack>
        )
      }
    </ActionDialog>
  );
}

function Discard({ id, onClose }: DecisionProps) {
  const queries = useQueryClient();
  return (
    <ActionDialog
      opened
      onClose={onClose}
      title="Discard this message"
      confirm="Discard"
      color="red"
      explanation="The message is given up; nothing is sent."
      send={({ reason, operator }) =>
        dataOf(
          admin.POST('/v1/dead-letters/{id}/discard', {
            params: { path: { id }, header: operatorHeader(operator) },
            body: { reason },
          }),
        )
      }
      onDone={() => void queries.invalidateQueries({ queryKey: ['dead-letters'] })}
    />
  );
}
