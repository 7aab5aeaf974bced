import { Console } from 'node:console';
import { tokenCommand } from '../../../tools/tokens/token-command';
import { CapturedOutput, type Ended } from './captured-output';

/** Runs `npm run token` with these arguments inside the test's process. */
export function runTokenCommand(...args: string[]): Ended {
  const [stdout, stderr] = [new CapturedOutput(), new CapturedOutput()];
  const code = tokenCommand(args, new Console({ stdout, stderr }));
  return { code, out: stdout.text, err: stderr.text };
}
