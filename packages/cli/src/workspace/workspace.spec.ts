import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Workspace } from './workspace';

let root: string;
let workspace: Workspace;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'palinode-workspace-'));
  writeFileSync(join(root, 'package.json'), JSON.stringify({ dependencies: { '@palinode/saga': '^0.1.0' } }));
  writeFileSync(join(root, 'old.txt'), 'old');
  workspace = Workspace.around(root);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const read = (path: string): string => readFileSync(join(root, path), 'utf8');

describe('a workspace', () => {
  it('is found from a folder in it', () => {
    mkdirSync(join(root, 'src/orders'), { recursive: true });
    expect(Workspace.around(join(root, 'src/orders')).read('old.txt')).toBe('old');
  });

  it('is not found where no package depends on Palinode', () => {
    writeFileSync(join(root, 'package.json'), '{}');
    expect(() => Workspace.around(root)).toThrow('no package.json above it has the dependency @palinode/saga.');
  });

  it('changes no file before it is saved', async () => {
    workspace.create('new/file.txt', 'new');
    workspace.edit('old.txt', (text) => `${text}er`);
    expect([read('old.txt'), existsSync(join(root, 'new'))]).toEqual(['old', false]);
    expect(workspace.read('old.txt')).toBe('older');
    await workspace.save();
    expect([read('old.txt'), read('new/file.txt')]).toEqual(['older', 'new']);
  });

  it('is as it was when a file cannot be written', async () => {
    workspace.edit('old.txt', () => 'changed');
    workspace.create('created.txt', 'created');
    workspace.create('old.txt/below.txt', 'a file is no folder');
    await expect(workspace.save()).rejects.toThrow(/ENOTDIR|EEXIST/);
    expect([read('old.txt'), existsSync(join(root, 'created.txt'))]).toEqual(['old', false]);
  });

  it('names a file that is missing, and does not write over one that exists', () => {
    expect(() => workspace.edit('missing.ts', (text) => text)).toThrow('missing.ts is missing. Restore it');
    expect(() => workspace.create('old.txt', '')).toThrow('old.txt exists already. Choose another name.');
  });
});
