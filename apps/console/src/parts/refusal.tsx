import { Alert, Button, Stack, Text } from '@mantine/core';
import { Problem } from '../api/problem';

interface RefusalProps {
  readonly error: Error;
  /** Where it is seen whether the action was taken: `the audit`. */
  readonly lookAt: string;
  /** Reads the thing anew, when somebody may have changed it. */
  readonly lookAgain?: () => void;
}

/** Why an action was not taken; or that it is not known whether it was. */
export function Refusal({ error, lookAt, lookAgain }: RefusalProps) {
  if (error instanceof Problem && error.isConflictOfRevisions)
    return (
      <Alert role="alert" color="orange" title="Somebody changed it; look again">
        <Stack gap="xs" align="start">
          <Text size="sm">It is not as you saw it any more, so nothing was done.</Text>
          <LookAgain lookAgain={lookAgain} />
        </Stack>
      </Alert>
    );
  if (error instanceof Problem && error.isOutcomeUnknown)
    return (
      <Alert role="alert" color="red" title={error.isWithoutAnswer ? 'No answer' : error.title}>
        Whether the action was taken is not known. Look at {lookAt} before you send it again. ({error.message})
      </Alert>
    );
  return (
    <Alert role="alert" color="red" title={error instanceof Problem ? error.title : 'This failed'}>
      <Stack gap="xs" align="start">
        <Text size="sm">{error.message}</Text>
        {error instanceof Problem && error.status === 409 && <LookAgain lookAgain={lookAgain} />}
      </Stack>
    </Alert>
  );
}

function LookAgain({ lookAgain }: Pick<RefusalProps, 'lookAgain'>) {
  if (lookAgain === undefined) return null;
  return (
    <Button size="xs" variant="default" onClick={lookAgain}>
      Look again
    </Button>
  );
}

/** What the API said of the fields of a request. */
export function fieldProblems(error: Error | null): readonly { readonly field: string; readonly problem: string }[] {
  if (!(error instanceof Problem) || !Array.isArray(error.members.errors)) return [];
  return error.members.errors as readonly { readonly field: string; readonly problem: string }[];
}
