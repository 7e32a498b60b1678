import { SegmentedControl } from '@mantine/core';
import { CopyMenu, curlToCopy, linkToCopy, palinodeToCopy } from '../../parts/copy-menu';
import { Screen } from '../../parts/screen';
import { useFilters } from '../../parts/use-filters';
import { LetterGroups } from './letter-groups';
import { LetterList } from './letter-list';

/** Messages that could not be processed: by their reason, or one by one. */
export function DeadLetters() {
  const filters = useFilters(['view']);
  const listed = filters.values.view === 'letters';
  return (
    <Screen
      title="Dead letters"
      fills={listed}
      actions={
        <CopyMenu
          items={[
            linkToCopy(),
            curlToCopy(listed ? '/v1/dead-letters' : '/v1/dead-letters/groups?status=open'),
            palinodeToCopy('dead-letters'),
          ]}
        />
      }
    >
      <SegmentedControl
        size="xs"
        style={{ alignSelf: 'start' }}
        aria-label="How to show them"
        data={[
          { value: 'groups', label: 'by reason' },
          { value: 'letters', label: 'one by one' },
        ]}
        value={listed ? 'letters' : 'groups'}
        onChange={(value) => filters.set({ view: value === 'letters' ? value : undefined }, { push: true })}
      />
      {listed ? <LetterList /> : <LetterGroups />}
    </Screen>
  );
}
