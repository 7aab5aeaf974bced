import { Writable } from 'node:stream';

/** Keeps everything that is written to it. */
export class CapturedOutput extends Writable {
  text = '';

  constructor() {
    super({ decodeStrings: false });
  }

  override _write(chunk: string | Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

/** A command's exit code and output. */
export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}
