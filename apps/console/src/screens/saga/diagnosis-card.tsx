import { Anchor, Group, List, Paper, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Loaded } from '../../parts/loaded';
import { Words } from '../../parts/texts';
import { relativeText } from '../../parts/duration-text';
import { Time, useNow } from '../../parts/time';
import { useDiagnosis, type Diagnosis, type SagaDetail } from './use-saga';

const EFFECTS: Readonly<Record<Diagnosis['effects'][number]['effect'], string>> = {
  done: 'done',
  compensated: 'compensated',
  none: 'no effect',
  unknown: 'perhaps an effect',
  'under-way': 'under way',
  kept: 'kept: its compensation was skipped',
};

/** Why the saga stands where it stands, what it does next and then, and what its steps have done to the world. */
export function DiagnosisCard({ saga: { id, status } }: { readonly saga: SagaDetail }) {
  const query = useDiagnosis(id);
  return (
    <Paper
      withBorder
      p="md"
      className={`diagnosis-${status.toLowerCase()}`}
      component="section"
      aria-label="Why it stands here"
    >
      <Loaded query={query}>{(diagnosis) => <Explanation diagnosis={diagnosis} />}</Loaded>
    </Paper>
  );
}

function Explanation({ diagnosis }: { readonly diagnosis: Diagnosis }) {
  const { summary, since, because, next, afterwards, effects, alike, code } = diagnosis;
  return (
    <Stack gap="xs">
      <Group justify="space-between" align="baseline">
        <Text fw={600}>
          <Words>{summary}</Words>
        </Text>
        <Text size="sm" c="dimmed">
          {code === 'ended' ? 'ended ' : 'since '}
          <Time at={since} />
        </Text>
      </Group>
      {because.length > 0 && (
        <List size="sm" spacing={2}>
          {because.map((fact) => (
            <List.Item key={fact}>
              <Words>{fact}</Words>
            </List.Item>
          ))}
        </List>
      )}
      {next && (
        <Text size="sm">
          Next: <Words>{next.what}</Words> <Countdown to={next.at} />
          {afterwards && (
            <>
              {'; then: '}
              <Words>{afterwards.what}</Words> <Countdown to={afterwards.at} />
            </>
          )}
        </Text>
      )}
      {effects.length > 0 && (
        <Text size="sm" c="dimmed">
          {effects.map(({ step, effect }) => `${step}: ${EFFECTS[effect]}`).join(' · ')}
        </Text>
      )}
      {alike && alike.count > 1 && (
        <Anchor component={Link} to="/sagas" search={{ incident: alike.incident } as never} size="sm">
          {alike.count} sagas stand for this reason
        </Anchor>
      )}
    </Stack>
  );
}

/** Until when, by the second. */
function Countdown({ to }: { readonly to: string }) {
  const now = useNow();
  const at = Date.parse(to);
  return (
    <Text span inherit fw={600} title={to}>
      {at <= now ? 'now' : relativeText(at, now)}
    </Text>
  );
}
