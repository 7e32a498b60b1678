import { Button, Menu } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { CheckIcon, CopyIcon } from '@primer/octicons-react';
import { settings } from '../settings';

export interface Copied {
  readonly label: string;
  /** The text; it may be read first. */
  readonly text: string | (() => string | Promise<string>);
}

/** Copies what is shown, in the forms that people need it in. */
export function CopyMenu({ items, label = 'Copy' }: { readonly items: readonly Copied[]; readonly label?: string }) {
  const clipboard = useClipboard({ timeout: 1_500 });
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <Button
          size="xs"
          variant="default"
          leftSection={clipboard.copied ? <CheckIcon size={14} /> : <CopyIcon size={14} />}
          aria-live="polite"
        >
          {clipboard.error ? 'Not copied' : clipboard.copied ? 'Copied' : label}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {items.map((item) => (
          <Menu.Item key={item.label} onClick={() => void textOf(item).then((text) => clipboard.copy(text))}>
            {item.label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

async function textOf({ text }: Copied): Promise<string> {
  return typeof text === 'string' ? text : text();
}

/** The address of this view. */
export const linkToCopy = (): Copied => ({ label: 'Link', text: () => location.href });

/** A request of the admin API as a command line; `path` begins with `/v1`. */
export function curlToCopy(path: string, request?: { readonly method: string; readonly body?: unknown }): Copied {
  const url = quoted(`${location.origin}${settings.adminPath}${path}`);
  const method = request ? ` -X ${request.method}` : '';
  const body =
    request?.body === undefined
      ? ''
      : ` -H 'content-type: application/json' -d ${quoted(JSON.stringify(request.body))}`;
  return { label: 'curl', text: `curl -s${method} ${url}${body}` };
}

/** A `palinode` command: its words, each quoted where a shell needs it. */
export function palinodeToCopy(...words: readonly string[]): Copied {
  return { label: 'palinode command', text: ['palinode', ...words.map(wordOf)].join(' ') };
}

const wordOf = (word: string): string => (/^[\w./:=@,-]+$/.test(word) ? word : quoted(word));

const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;
