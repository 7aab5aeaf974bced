import { main } from '../../../tools/cli/main';
import { CapturedOutput, type Ended } from './captured-output';

/** Runs one `dbem` command line inside the test's own process, with these environment variables and no others. */
export async function runDbem(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const [stdout, stderr] = [new CapturedOutput(), new CapturedOutput()];
  const code = await main(args, { env, stdout, stderr });
  return { code, out: stdout.text, err: stderr.text };
}
