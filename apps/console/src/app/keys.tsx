import { Kbd, Modal, Table } from '@mantine/core';
import { useDisclosure, useHotkeys } from '@mantine/hooks';
import { useNavigate } from '@tanstack/react-router';
import { useRef } from 'react';
import { places } from './places';

/** The second key after `g`. */
const goTo: Readonly<Record<string, (typeof places)[number]['to']>> = {
  n: '/',
  s: '/sagas',
  i: '/incidents',
  l: '/dead-letters',
  d: '/definitions',
  h: '/holds',
  b: '/bulk-actions',
  a: '/audit',
  f: '/faults',
  o: '/shop',
};

/** `?` lists the keys; `g` and a letter goes to a screen. */
export function Keys() {
  const [opened, { open, close }] = useDisclosure();
  const navigate = useNavigate();
  const prefixed = useRef(0);
  useHotkeys([
    ['shift + ?', open],
    ['g', () => (prefixed.current = Date.now())],
    ...Object.entries(goTo).map(
      ([key, to]) =>
        [
          key,
          () => {
            if (Date.now() - prefixed.current < 1_500) void navigate({ to });
            prefixed.current = 0;
          },
        ] as [string, () => void],
    ),
  ]);
  return (
    <Modal opened={opened} onClose={close} title="Keys">
      <Table withRowBorders={false}>
        <Table.Tbody>
          <Row keys={['⌘ K', '/']} does="Find a saga, an order or a screen" />
          <Row keys={['?']} does="Show these keys" />
          {Object.entries(goTo).flatMap(([key, to]) => {
            const place = places.find((each) => each.to === to);
            return place ? [<Row key={key} keys={[`g ${key}`]} does={`Go to ${place.label}`} />] : [];
          })}
        </Table.Tbody>
      </Table>
    </Modal>
  );
}

function Row({ keys, does }: { readonly keys: readonly string[]; readonly does: string }) {
  return (
    <Table.Tr>
      <Table.Td>
        {keys.map((key) => (
          <Kbd key={key} mr={4}>
            {key}
          </Kbd>
        ))}
      </Table.Td>
      <Table.Td>{does}</Table.Td>
    </Table.Tr>
  );
}
