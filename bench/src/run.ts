/* The common parts of all subcommands: options, a directory, a report, figures as JSON, and an exit code. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { commandLine } from '@palinode/test-support/command-line';
import { EmbeddedPostgres } from '@palinode/testing-support/postgres/embedded-postgres';
import { databaseNames } from '@palinode/test-support/shop/databases';
import { machine, stealTicks, stolenPercentSince } from './measure/processes';

/** Creates a subcommand without options; `running` is its action. */
export function subcommand(name: string, says: string) {
  return commandLine(name, says).option('--json <file>', 'where to write the figures');
}

/** Runs a subcommand and reports it. The process fails when the work throws or a promise was broken. */
export function running<Options extends { readonly json?: string }>(
  work: (options: Options, run: Run) => Promise<void>,
): (options: Options) => Promise<void> {
  return async (options) => {
    const run = new Run(options);
    try {
      await work(options, run);
      run.finish();
    } finally {
      rmSync(run.directory, { recursive: true, force: true });
    }
  };
}

/** Starts something, works with it, and stops it even when the work fails. */
export async function using<Started extends { stop(): Promise<unknown> }, Result>(
  starting: Promise<Started>,
  work: (started: Started) => Promise<Result>,
): Promise<Result> {
  const started = await starting;
  try {
    return await work(started);
  } finally {
    await started.stop();
  }
}

/** One run of a subcommand. Sections go to standard output, progress and broken promises to standard error. */
export class Run {
  readonly directory = mkdtempSync(join(tmpdir(), 'palinode-bench-'));
  private readonly load = loadavg()[0] ?? 0;
  private readonly steal = stealTicks();
  private readonly broken: string[] = [];
  private figures: object = {};

  constructor(private readonly options: { readonly json?: string }) {
    console.log(`${machine()}, load ${this.load.toFixed(1)} before`);
  }

  /** A PostgreSQL server for this run; `settings` are added to the usual ones. */
  postgres(settings: Readonly<Record<string, string>> = {}): Promise<EmbeddedPostgres> {
    return EmbeddedPostgres.start({
      directory: join(this.directory, 'postgres'),
      more: settings,
      databases: databaseNames,
    });
  }

  progress(line: string): void {
    console.error(line);
  }

  print(...sections: readonly string[]): void {
    for (const section of sections) console.log(`\n${section}`);
  }

  /**
   * Adds these figures to the file of `--json`, which is complete after each call, because a long run may be
   * interrupted.
   */
  record(figures: object): void {
    this.figures = { ...this.figures, ...figures };
    this.writeJson();
  }

  /** Records broken promises. The run continues, and fails at the end. */
  breaks(problems: readonly string[]): void {
    for (const problem of problems) console.error(problem);
    this.broken.push(...problems);
    process.exitCode = this.broken.length > 0 ? 1 : 0;
  }

  finish(): void {
    this.print(`${stolenPercentSince(this.steal).toFixed(1)} % of the machine's CPU time was taken by other guests`);
    this.writeJson();
  }

  private writeJson(): void {
    const { options, load, figures, broken } = this;
    if (options.json === undefined) return;
    const stolen = stolenPercentSince(this.steal);
    writeFileSync(
      options.json,
      JSON.stringify({ options, machine: machine(), load, stolen, ...figures, broken }, null, 2),
    );
  }
}

/** A table in Markdown: a row for each item, a column for each head with its cell. */
export function table<Item>(
  items: readonly Item[],
  columns: readonly (readonly [head: string, cell: (item: Item) => string | number])[],
): string {
  const rows = items.map((item) => columns.map(([, cell]) => String(cell(item))));
  const heads = columns.map(([head]) => head);
  return [heads, heads.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** Two figures in one cell: `1, 2`. */
export const pair = (one: number, other: number): string => `${one.toFixed(0)}, ${other.toFixed(0)}`;
