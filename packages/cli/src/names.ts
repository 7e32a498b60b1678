import { SyntaxKind, ts } from 'ts-morph';
import { WorkspaceError } from './workspace/workspace-error';

const KEBAB = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** `book-parcel`, as the identifiers `bookParcel` and `BookParcel`. */
export interface Name {
  readonly kebab: string;
  readonly camel: string;
  readonly pascal: string;
}

/** @throws WorkspaceError when it cannot be the name of a file, of a class and of a constant. */
export function nameOf(kebab: string): Name {
  if (!KEBAB.test(kebab)) {
    throw new WorkspaceError(
      `${JSON.stringify(kebab)} cannot be a name. Use words in lower case, joined by hyphens, such as return-order.`,
    );
  }
  const pascal = kebab.replaceAll(/(?:^|-)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  const camel = pascal.charAt(0).toLowerCase() + pascal.slice(1);
  if (isReserved(camel)) {
    throw new WorkspaceError(`${kebab} cannot be a name, because ${camel} is a word of TypeScript. Use two words.`);
  }
  return { kebab, camel, pascal };
}

/** `shipping.book-parcel`, in its two parts. @throws WorkspaceError for anything else. */
export function commandNameOf(text: string): { service: Name; command: Name } {
  const [service, command, ...more] = text.split('.');
  if (service === undefined || command === undefined || more.length > 0) {
    throw new WorkspaceError(
      `${JSON.stringify(text)} cannot be the name of a command. Name the participant and what it is to do, such as shipping.book-parcel.`,
    );
  }
  return { service: nameOf(service), command: nameOf(command) };
}

function isReserved(identifier: string): boolean {
  const scanner = ts.createScanner(ts.ScriptTarget.Latest, true, ts.LanguageVariant.Standard, identifier);
  const kind = scanner.scan();
  return kind >= SyntaxKind.FirstReservedWord && kind <= SyntaxKind.LastFutureReservedWord;
}
