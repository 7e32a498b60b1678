import './banners.css';
import { Anchor, Group, Text } from '@mantine/core';
import { AlertIcon, CheckCircleFillIcon, InfoIcon } from '@primer/octicons-react';
import { Link } from '@tanstack/react-router';
import { DisarmAll } from '../../faults/disarm-all';
import { Words } from '../../parts/texts';
import type { Concern } from './concerns';

/** What needs a person; or that nothing does. */
export function Banners({ concerns }: { readonly concerns: readonly Concern[] }) {
  return (
    <div role="status" aria-label="How it is" className="banners">
      {concerns.length === 0 ? (
        <div className="banner" data-kind="well">
          <CheckCircleFillIcon size={16} />
          <Text fw={600}>All is well</Text>
          <Text size="sm" c="dimmed">
            Nothing is paused, held or late.
          </Text>
        </div>
      ) : (
        concerns.map(({ id, grave, title, detail, to, remedy }) => (
          <div key={id} className="banner" data-kind={grave ? 'grave' : 'note'}>
            {grave ? <AlertIcon size={16} /> : <InfoIcon size={16} />}
            <Group gap={8}>
              <Text fw={600} size="sm">
                {to === undefined ? (
                  title
                ) : (
                  <Anchor inherit c="inherit" underline="always" renderRoot={(props) => <Link to={to} {...props} />}>
                    {title}
                  </Anchor>
                )}
              </Text>
              {detail !== undefined && (
                <Text size="sm" c="dimmed">
                  <Words>{detail}</Words>
                </Text>
              )}
              {remedy === 'disarm-all' && <DisarmAll />}
            </Group>
          </div>
        ))
      )}
    </div>
  );
}
