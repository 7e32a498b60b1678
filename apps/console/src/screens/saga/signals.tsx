import { JsonInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { admin, dataOf } from '../../api/client';
import { ActButton } from '../../parts/act-button';
import { ActionDialog } from '../../parts/action-dialog';
import { operatorHeader } from '../../parts/operator';
import { sagaKey, type SagaDetail } from './use-saga';

/** A button for each signal that the saga waits for now. */
export function SignalButtons({ saga }: { readonly saga: SagaDetail }) {
  const [opened, setOpened] = useState<string>();
  const waiting = saga.steps.filter(({ waitsFor }) => waitsFor === 'signal').map(({ signal = '' }) => signal);
  return (
    <>
      {[...new Set(waiting)].map((signal) => (
        <ActButton key={signal} size="xs" variant="light" onClick={() => setOpened(signal)}>
          Send {signal}
        </ActButton>
      ))}
      {opened !== undefined && <SignalDialog id={saga.id} signal={opened} onClose={() => setOpened(undefined)} />}
    </>
  );
}

interface SignalDialogProps {
  readonly id: string;
  readonly signal: string;
  readonly onClose: () => void;
}

function SignalDialog({ id, signal, onClose }: SignalDialogProps) {
  const queries = useQueryClient();
  const [text, setText] = useState('{}');
  const payload = objectIn(text);
  return (
    <ActionDialog
      opened
      onClose={onClose}
      title={`Send the signal ${signal}`}
      confirm="Send"
      explanation="The saga waits for it. It continues with what you send, or is compensated where its definition says so."
      ready={payload !== undefined}
      send={({ reason, operator }) =>
        dataOf(
          admin.POST('/v1/sagas/{id}/signals/{name}', {
            params: { path: { id, name: signal }, query: { reason }, header: operatorHeader(operator) },
            body: payload ?? {},
          }),
        )
      }
      onDone={() => void queries.invalidateQueries({ queryKey: sagaKey(id) })}
    >
      {() => (
        <JsonInput
          label="Its data"
          description="An object, as JSON"
          autosize
          minRows={4}
          value={text}
          error={payload === undefined ? 'This is not a JSON object' : undefined}
          onChange={setText}
        />
      )}
    </ActionDialog>
  );
}

/** Undefined while the text is not an object. */
function objectIn(text: string): Record<string, unknown> | undefined {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
