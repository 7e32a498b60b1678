import { OpenFiles } from './open-files';
import type { OpenableFile } from './open-files';

class StubFile implements OpenableFile {
  isOpen = false;
  opened = 0;
  constructor(private readonly refuses: () => boolean = () => false) {}
  open(): void {
    if (this.refuses()) throw Object.assign(new Error('too many open files'), { code: 'EMFILE' });
    this.isOpen = true;
    this.opened++;
  }
  release(): void {
    this.isOpen = false;
  }
}

describe('the open files', () => {
  it('keeps at most the allowed number of files open, the most recently used ones', () => {
    const files = Array.from({ length: 5 }, () => new StubFile());
    const open = new OpenFiles(3);
    for (const file of files.slice(0, 3)) open.use(file);
    open.use(files[0]!);
    open.use(files[3]!);
    expect(files.map(({ isOpen }) => isOpen)).toEqual([true, false, true, true, false]);
    open.use(files[4]!);
    expect(files.map(({ isOpen }) => isOpen)).toEqual([true, false, false, true, true]);
    expect([open.count, files[0]!.opened]).toEqual([3, 1]);
  });

  it('closes files when the system has no file descriptor left', () => {
    const others = Array.from({ length: 4 }, () => new StubFile());
    const open = new OpenFiles(100);
    for (const file of others) open.use(file);
    const late = new StubFile(() => others.every(({ isOpen }) => isOpen));
    open.use(late);
    expect([late.isOpen, open.count]).toEqual([true, 3]);
  });

  it('reports the system’s error when closing files does not help', () => {
    const open = new OpenFiles(2);
    open.use(new StubFile());
    const unopenable = new StubFile(() => true);
    expect(() => open.use(unopenable)).toThrow('too many open files');
    expect(unopenable.isOpen).toBe(false);
  });
});
