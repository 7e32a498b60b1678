import { Group, SegmentedControl, Select, Stack, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { admin, dataOf, type Admin } from '../../api/client';
import { ActionDialog, type ProblemAt } from '../../parts/action-dialog';
import { operatorHeader } from '../../parts/operator';

type Where = Admin['HoldWhereRequest'];
type Definition = Admin['DefinitionSummary'];

/** Holds commands: sagas wait, without using up attempts, until the hold ends. */
export function HoldDialog({ where: given = {}, onClose }: { readonly where?: Where; readonly onClose: () => void }) {
  const [where, setWhere] = useState<Where>(given);
  const [ttl, setTtl] = useState('');
  const queries = useQueryClient();
  const { data } = useQuery({ queryKey: ['definitions'], queryFn: () => dataOf(admin.GET('/v1/definitions')) });
  const known = knownCommands(data?.items ?? []);
  const ofDefinition = 'definition' in where;
  return (
    <ActionDialog
      opened
      onClose={onClose}
      title="Hold commands"
      confirm="Hold"
      explanation="They are not sent until the hold ends. Their sagas wait, and use up no attempts."
      ready={ofDefinition ? where.step !== undefined : where.service !== undefined}
      send={({ reason, operator }) =>
        dataOf(
          admin.POST('/v1/holds', {
            params: { header: operatorHeader(operator) },
            body: { reason, ttl: ttl.trim() === '' ? undefined : ttl.trim(), where },
          }),
        )
      }
      onDone={() => void queries.invalidateQueries()}
    >
      {(problemAt) => (
        <Stack gap="sm">
          <SegmentedControl
            size="xs"
            aria-label="What to hold"
            data={[
              { value: 'service', label: 'commands to a service' },
              { value: 'definition', label: 'a step of a definition' },
            ]}
            value={ofDefinition ? 'definition' : 'service'}
            onChange={(value) => setWhere(value === 'definition' ? { definition: undefined } : {})}
          />
          {ofDefinition ? (
            <StepFields where={where} setWhere={setWhere} definitions={data?.items ?? []} problemAt={problemAt} />
          ) : (
            <Group grow align="start">
              <Select
                label="Service"
                required
                data={[...known.keys()]}
                value={where.service ?? null}
                error={problemAt('where.service') ?? problemAt('where')}
                onChange={(service) => setWhere({ service: service ?? undefined })}
              />
              <Select
                label="Command"
                placeholder="all of them"
                data={known.get(where.service ?? '') ?? []}
                clearable
                value={where.command ?? null}
                error={problemAt('where.command')}
                onChange={(command) => setWhere({ ...where, command: command ?? undefined })}
              />
            </Group>
          )}
          <TextInput
            label="Ends by itself after"
            placeholder="15m, 2h; not by itself by default"
            value={ttl}
            error={problemAt('ttl')}
            onChange={({ currentTarget }) => setTtl(currentTarget.value)}
          />
        </Stack>
      )}
    </ActionDialog>
  );
}

function StepFields({
  where,
  setWhere,
  definitions,
  problemAt,
}: {
  readonly where: Where;
  readonly setWhere: (where: Where) => void;
  readonly definitions: readonly Definition[];
  readonly problemAt: ProblemAt;
}) {
  const names = [...new Set(definitions.map(({ name }) => name))];
  const steps = definitions
    .filter(({ name }) => name === where.definition)
    .flatMap(({ stages }) => stages.flatMap((stage) => stage.steps))
    .filter(({ command, compensation }) => command ?? compensation)
    .map(({ name }) => name);
  return (
    <Group grow align="start">
      <Select
        label="Definition"
        required
        data={names}
        value={where.definition ?? null}
        error={problemAt('where.definition')}
        onChange={(definition) => setWhere({ definition: definition ?? undefined })}
      />
      <Select
        label="Step"
        required
        data={[...new Set(steps)]}
        value={where.step ?? null}
        error={problemAt('where.step')}
        onChange={(step) => setWhere({ ...where, step: step ?? undefined })}
      />
    </Group>
  );
}

/** The commands that definitions send, by the service in their names. */
function knownCommands(definitions: readonly Definition[]): ReadonlyMap<string, readonly string[]> {
  const steps = definitions.flatMap(({ stages }) => stages.flatMap((stage) => stage.steps));
  const commands = new Set(steps.flatMap(({ command, compensation }) => [command, compensation]));
  const byService = new Map<string, string[]>();
  for (const command of [...commands].filter((name) => name !== undefined).toSorted()) {
    const service = command.split('.')[0] ?? command;
    byService.set(service, [...(byService.get(service) ?? []), command]);
  }
  return byService;
}
