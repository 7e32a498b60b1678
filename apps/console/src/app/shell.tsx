import {
  AppShell,
  Badge,
  Burger,
  Group,
  NavLink,
  ScrollArea,
  Text,
  UnstyledButton,
  VisuallyHidden,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { spotlight } from '@mantine/spotlight';
import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { useLiveState } from '../api/use-live';
import { Account } from './account';
import { Commands } from './commands';
import { Keys } from './keys';
import { places } from './places';
import { ThemeSwitch } from './theme-switch';

/** What surrounds every screen: the places to go, the search, and whether changes arrive. */
export function Shell() {
  const [opened, { toggle, close }] = useDisclosure();
  const path = useRouterState({ select: ({ location }) => location.pathname });
  return (
    <AppShell
      header={{ height: 52 }}
      navbar={{ width: 200, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      padding="md"
    >
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Burger opened={opened} onClick={toggle} hiddenFrom="sm" size="sm" aria-label="Show the places to go" />
            <Text component={Link} to="/" fw={700} fz="lg" c="inherit" td="none">
              Palinode
            </Text>
          </Group>
          <Group gap="sm" wrap="nowrap">
            <UnstyledButton onClick={spotlight.open} aria-keyshortcuts="Meta+K Control+K">
              <Text fz="sm" c="dimmed">
                Find{' '}
                <Text span visibleFrom="xs" inherit>
                  a saga, an order or an action (⌘K)
                </Text>
              </Text>
            </UnstyledButton>
            <Connection />
            <Account />
            <ThemeSwitch />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" aria-label="Places">
        <ScrollArea>
          {places.map(({ to, label, icon: Icon }) => (
            <NavLink
              key={to}
              component={Link}
              to={to}
              label={label}
              leftSection={<Icon size={16} />}
              active={to === '/' ? path === '/' : path.startsWith(to)}
              onClick={close}
            />
          ))}
        </ScrollArea>
      </AppShell.Navbar>
      <AppShell.Main>
        <Outlet />
      </AppShell.Main>
      <Commands />
      <Keys />
    </AppShell>
  );
}

function Connection() {
  const state = useLiveState();
  return (
    <Badge
      role="status"
      variant="light"
      color={state === 'live' ? 'green' : state === 'lost' ? 'red' : 'gray'}
      title={
        state === 'lost' ? 'The connection is lost. What you see may be old; it connects again by itself.' : undefined
      }
    >
      <VisuallyHidden>Connection: </VisuallyHidden>
      {state === 'live' ? 'Live' : state === 'lost' ? 'Connection lost' : 'Connecting'}
    </Badge>
  );
}
