import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import validateName from 'validate-npm-package-name';
import { CreationError } from './creation-error';
import { usePackages, type PackageSource } from './palinode-packages';

const TEMPLATE = join(__dirname, '../template');
/** What the template is called; the name of the workspace replaces it. */
const TEMPLATE_NAME = 'my-shop';
/** Without the dot in the template: npm leaves a .gitignore out of packages, and oxlint would use its settings here. */
const HIDDEN = ['gitignore', 'oxlintrc.json'];

/**
 * Writes a workspace into a directory that is empty or does not exist, and returns its path.
 *
 * @throws CreationError before anything is written, when the directory or its name cannot be used.
 */
export function createWorkspace(directory: string, packages: PackageSource): string {
  const target = resolve(directory);
  const name = basename(target);
  checkName(name);
  checkEmpty(target);
  const dependencies = usePackages(readFileSync(join(TEMPLATE, 'package.json'), 'utf8'), packages, target);
  mkdirSync(target, { recursive: true });
  cpSync(TEMPLATE, target, { recursive: true });
  for (const file of HIDDEN) renameSync(join(target, file), join(target, `.${file}`));
  writeFileSync(join(target, 'package.json'), dependencies);
  rename(target, name);
  return target;
}

function checkName(name: string): void {
  const { validForNewPackages, errors = [], warnings = [] } = validateName(name);
  if (validForNewPackages) return;
  throw new CreationError(
    `A package cannot be called ${JSON.stringify(name)}: ${[...errors, ...warnings].join('; ')}. ` +
      'Choose another name for the directory.',
  );
}

function checkEmpty(directory: string): void {
  if (!existsSync(directory)) return;
  if (!statSync(directory).isDirectory()) throw new CreationError(`${directory} is a file. Choose another directory.`);
  if (readdirSync(directory).length > 0) {
    throw new CreationError(`${directory} is not empty. Choose another directory, or remove what is in it.`);
  }
}

function rename(directory: string, name: string): void {
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const text = readFileSync(path, 'utf8');
    if (text.includes(TEMPLATE_NAME)) writeFileSync(path, text.replaceAll(TEMPLATE_NAME, name));
  }
}
