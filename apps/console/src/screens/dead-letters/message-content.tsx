import { Code, Group, SegmentedControl, Stack, Title } from '@mantine/core';
import { useState } from 'react';
import type { Admin } from '../../api/schemas';
import { JsonView } from '../../parts/json-view';
import { hexDump } from './hex-dump';

type Content = Admin['ContentView'];

/** The key or the value of a message: as JSON, as text, and as bytes. */
export function MessageContent({ title, content }: { readonly title: string; readonly content: Content }) {
  const json = jsonOf(content);
  const forms = [...(json === undefined ? [] : ['JSON']), ...(content.text === undefined ? [] : ['text']), 'bytes'];
  const [chosen, setChosen] = useState(forms[0] ?? 'bytes');
  return (
    <Stack gap={6}>
      <Group gap="sm">
        <Title order={2} size="h5">
          {title}
        </Title>
        <SegmentedControl size="xs" aria-label={`${title} as`} data={forms} value={chosen} onChange={setChosen} />
      </Group>
      {chosen === 'JSON' && json ? (
        <JsonView value={json.value} label={title} />
      ) : (
        <Code block tabIndex={0} mah="32rem" style={{ overflow: 'auto' }} dir="auto">
          {chosen === 'text' ? (content.text ?? '') : hexDump(bytesOf(content))}
        </Code>
      )}
    </Stack>
  );
}

function jsonOf({ text }: Content): { readonly value: unknown } | undefined {
  if (text === undefined) return undefined;
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

function bytesOf({ text, base64 }: Content): Uint8Array {
  if (text !== undefined) return new TextEncoder().encode(text);
  return Uint8Array.from(atob(base64 ?? ''), (character) => character.charCodeAt(0));
}
