import { type Cell, formatTable } from './table';

/** A command's output: a table, or one JSON value with `--json`. Progress goes to stderr if that is a terminal. */
export class Output {
  constructor(
    readonly isJson: boolean,
    private readonly stdout: NodeJS.WritableStream = process.stdout,
    private readonly stderr: NodeJS.WritableStream & { isTTY?: boolean } = process.stderr,
  ) {}

  /** @param value printed with `--json`: the API's response. */
  table(value: unknown, headings: readonly string[], rows: readonly (readonly Cell[])[], ifEmpty: string): void {
    if (this.isJson) this.json(value);
    else this.line(rows.length === 0 ? ifEmpty : formatTable(headings, rows));
  }

  /** One name and value per line. */
  record(value: unknown, entries: readonly (readonly [string, Cell])[]): void {
    if (this.isJson) {
      this.json(value);
      return;
    }
    const shown = entries.filter(([, cell]) => cell !== undefined);
    const width = Math.max(0, ...shown.map(([name]) => name.length));
    for (const [name, cell] of shown) this.line(`${name.padEnd(width)}  ${cell}`);
  }

  /** A sentence; with `--json` the value. */
  done(value: unknown, sentence: string): void {
    if (this.isJson) this.json(value);
    else this.line(sentence);
  }

  text(line: string): void {
    if (!this.isJson) this.line(line);
  }

  progress(done: number, total: number, label: string): void {
    if (!this.stderr.isTTY || this.isJson) return;
    const part = total === 0 ? 1 : Math.min(done / total, 1);
    const filled = Math.round(part * 30);
    this.stderr.write(
      `\r${'█'.repeat(filled)}${'░'.repeat(30 - filled)} ${Math.floor(part * 100)} %  ${label}\u001b[K`,
    );
  }

  endProgress(): void {
    if (this.stderr.isTTY && !this.isJson) this.stderr.write('\r\u001b[K');
  }

  private json(value: unknown): void {
    this.line(JSON.stringify(value ?? null, null, 2));
  }

  private line(text: string): void {
    this.stdout.write(`${text}\n`);
  }
}
