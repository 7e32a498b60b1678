import { Button, Group, Modal, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQuery, type QueryKey } from '@tanstack/react-query';
import { useEffect, useRef, useState, type FormEvent, type ReactNode } from 'react';
import { BusyButton } from './busy-button';
import { DryRun, type Preview } from './dry-run';
import { useOperator } from './operator';
import { fieldProblems, Refusal } from './refusal';
import { useSession } from './session';

/** Who acts, and why: what the operator log keeps of every action. */
export interface Signed {
  readonly reason: string;
  readonly operator: string;
}

/** What the API said of a field of the request. */
export type ProblemAt = (field: string) => string | undefined;

export interface ActionDialogProps<Result> {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly title: string;
  /** What the button says: `Resume`. */
  readonly confirm: string;
  readonly color?: string;
  /** What the action does, in a sentence. */
  readonly explanation?: ReactNode;
  /** Asks what the action would do, without doing it. It is asked anew when the key changes. */
  readonly preview?: { readonly key: QueryKey; readonly read: (signed: Signed) => Promise<Preview> };
  /** Whether the action may be sent, further fields being right. @default true */
  readonly ready?: boolean;
  /** Takes the action; `preview` is what was shown before. */
  readonly send: (signed: Signed, preview: Preview | undefined) => Promise<Result>;
  readonly onDone?: (result: Result) => void;
  /** Reads the thing anew, when somebody has changed it since it was read (412). */
  readonly onLookAgain?: () => void;
  /** Further fields; they show what the API says of them. */
  readonly children?: (problemAt: ProblemAt) => ReactNode;
}

/** Asks for the reason of an action, shows what it would do, and sends it. */
export function ActionDialog<Result>(props: ActionDialogProps<Result>) {
  const { opened, onClose, title } = props;
  return (
    <Modal opened={opened} onClose={onClose} title={<Text fw={600}>{title}</Text>} size="lg" keepMounted={false}>
      <ActionForm {...props} />
    </Modal>
  );
}

function ActionForm<Result>({
  onClose,
  confirm,
  color,
  explanation,
  preview,
  ready = true,
  send,
  onDone,
  onLookAgain,
  children,
}: ActionDialogProps<Result>) {
  const [reason, setReason] = useState('');
  const [operator, setOperator] = useOperator();
  const { name } = useSession().data ?? {};
  // The API refuses line breaks, which pasted text has.
  const signed: Signed = { reason: reason.trim().replace(/\s+/g, ' '), operator: operator.trim() };
  const dryRun = useQuery({
    queryKey: ['preview', ...(preview?.key ?? [])],
    queryFn: () => preview?.read({ ...signed, reason: signed.reason || 'dry run' }) ?? null,
    enabled: preview !== undefined,
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });
  // Set at once, unlike isPending, and kept while the dialog closes: a second Enter or click must not act again.
  const isSent = useRef(false);
  const sending = useMutation({
    mutationFn: () => send(signed, dryRun.data ?? undefined),
    onSuccess: (result) => {
      onClose();
      onDone?.(result);
    },
    onError: () => {
      isSent.current = false;
    },
  });
  const { reset } = sending;
  // What the API said was of the request as it was.
  const request = JSON.stringify(preview?.key);
  useEffect(() => reset(), [request, reset]);
  const problem = sending.error ?? dryRun.error;
  const problemAt = (field: string): string | undefined =>
    fieldProblems(problem).find((each) => each.field === field)?.problem;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (signed.reason === '' || !ready || isSent.current) return;
    isSent.current = true;
    sending.mutate();
  };
  const lookAgain = (): void => {
    reset();
    onLookAgain?.();
    if (preview) void dryRun.refetch();
  };
  const nothing = dryRun.data?.effective === 0;
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        {explanation !== undefined && <Text size="sm">{explanation}</Text>}
        {children?.(problemAt)}
        {preview && <DryRun query={dryRun} />}
        <Textarea
          label="Reason"
          description="Stays in the operator log"
          placeholder="The bank confirmed the outage; INC-7"
          required
          autosize
          minRows={2}
          data-autofocus
          value={reason}
          error={problemAt('reason')}
          onChange={({ currentTarget }) => setReason(currentTarget.value)}
        />
        {name === undefined ? (
          <TextInput
            label="Your name"
            description="Not verified"
            value={operator}
            error={problemAt('X-Operator')}
            onChange={({ currentTarget }) => setOperator(currentTarget.value)}
          />
        ) : (
          <Text size="sm" c="dimmed">
            You act as {name}.
          </Text>
        )}
        {sending.error && <Refusal error={sending.error} lookAt="the audit" lookAgain={lookAgain} />}
        <Group justify="end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Leave it
          </Button>
          <BusyButton
            type="submit"
            color={color}
            busy={sending.isPending}
            disabled={signed.reason === '' || !ready || nothing}
          >
            {confirm}
          </BusyButton>
        </Group>
      </Stack>
    </form>
  );
}
