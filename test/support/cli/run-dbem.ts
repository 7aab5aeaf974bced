import { main } from '../../../tools/cli/main';
import { CapturedOutput, type Ended } from './captured-output';

/** Runs a `dbem` command line inside the test's process, with only these environment variables. */
export async function runDbem(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const [stdout, stderr] = [new CapturedOutput(), new CapturedOutput()];
  const code = await main(args, { env, stdout, stderr });
  return { code, out: stdout.text, err: stderr.text };
}
