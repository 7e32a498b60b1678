import { Group, Select, Stack, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { admin, dataOf, type Admin } from '../../api/client';
import { ActionDialog } from '../../parts/action-dialog';
import { operatorHeader } from '../../parts/operator';

type Where = Admin['HoldWhereRequest'];

/** Holds commands: sagas wait, without using up attempts, until the hold ends. */
export function HoldDialog({ where: given = {}, onClose }: { readonly where?: Where; readonly onClose: () => void }) {
  const [where, setWhere] = useState<Where>(given);
  const [ttl, setTtl] = useState('');
  const queries = useQueryClient();
  const { data } = useQuery({ queryKey: ['definitions'], queryFn: () => dataOf(admin.GET('/v1/definitions')) });
  const definitions = [...new Set(data?.items.map(({ name }) => name))];
  const steps = data?.items.flatMap(({ stages }) => stages.flatMap((stage) => stage.steps)) ?? [];
  const commands = [...new Set(steps.flatMap(({ command, compensation }) => [command, compensation]))]
    .filter((name) => name !== undefined)
    .toSorted();
  const services = [...new Set(commands.map((name) => name.split('.')[0] ?? name))];
  const text = (value: string | null): string | undefined => (value === null || value === '' ? undefined : value);
  return (
    <ActionDialog
      opened
      onClose={onClose}
      title="Hold commands"
      confirm="Hold"
      explanation="Commands that match all of these are not sent. Their sagas wait, and use up no attempts, until the hold ends."
      ready={Object.values(where).some((value) => value !== undefined)}
      send={({ reason, operator }) =>
        dataOf(
          admin.POST('/v1/holds', {
            params: { header: operatorHeader(operator) },
            body: { reason, ttl: text(ttl), where },
          }),
        )
      }
      onDone={() => void queries.invalidateQueries()}
    >
      {(problemAt) => (
        <Stack gap="sm">
          <Group grow align="start">
            <Select
              label="Service"
              data={services}
              clearable
              value={where.service ?? null}
              error={problemAt('where.service') ?? problemAt('where')}
              onChange={(value) => setWhere({ ...where, service: text(value) })}
            />
            <Select
              label="Command"
              data={commands}
              clearable
              searchable
              value={where.command ?? null}
              error={problemAt('where.command')}
              onChange={(value) => setWhere({ ...where, command: text(value) })}
            />
          </Group>
          <Group grow align="start">
            <Select
              label="Definition"
              data={definitions}
              clearable
              value={where.definition ?? null}
              error={problemAt('where.definition')}
              onChange={(value) => setWhere({ ...where, definition: text(value) })}
            />
            <TextInput
              label="Ends by itself after"
              placeholder="15m, 2h; never by default"
              value={ttl}
              error={problemAt('ttl')}
              onChange={({ currentTarget }) => setTtl(currentTarget.value)}
            />
          </Group>
        </Stack>
      )}
    </ActionDialog>
  );
}
