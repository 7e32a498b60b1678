import { List, Stack, Text } from '@mantine/core';
import { StepStatus } from '../../diagram/state-panel';
import { SagaLink } from '../../parts/links';
import { Nothing } from '../../parts/nothing';
import type { TabProps } from './tab-props';

/** The sagas that this one started, and the one that started it. */
export function FamilyTab({ saga: { parent, steps } }: TabProps) {
  const children = steps.filter(({ child }) => child !== undefined);
  if (parent === undefined && children.length === 0)
    return <Nothing title="Alone">This saga has no parent and has started no child.</Nothing>;
  return (
    <Stack gap="md">
      {parent && (
        <Text size="sm">
          The step {parent.step} of <SagaLink id={parent.saga} /> waits for its end.
        </Text>
      )}
      {children.length > 0 && (
        <List size="sm" spacing="xs" listStyleType="none">
          {children.map(({ name, child = '', status }) => (
            <List.Item key={name} icon={<StepStatus status={status} />}>
              {name}: <SagaLink id={child} />
            </List.Item>
          ))}
        </List>
      )}
    </Stack>
  );
}
