import type { FromProgram, ToProgram } from './program-messages';

/** A program after its set-up. */
export interface Running {
  /** Does the work; resolves with the figures when it is done, or never if it runs until it is stopped. */
  go(): Promise<Record<string, number>>;
  setPaused?(isPaused: boolean): void;
  stop(): Promise<void>;
}

/** The main function of a floor or a driver: sets up, then executes the messages of the harness. */
export async function runProgram<Config>(setUp: (config: Config) => Promise<Running>): Promise<void> {
  const running = await setUp(JSON.parse(process.env['BENCH_CONFIG'] ?? '{}') as Config);
  process.on('message', (message: ToProgram) => {
    if (message.kind === 'go') void running.go().then((figures) => send({ kind: 'done', figures }), fail);
    else if (message.kind === 'setPaused') running.setPaused?.(message.isPaused);
    else void running.stop().then(() => process.exit(0), fail);
  });
  // Exit when the harness has ended.
  process.on('disconnect', () => process.exit(1));
  send({ kind: 'ready' });
}

function send(message: FromProgram): void {
  process.send?.(message);
}

function fail(error: unknown): void {
  console.error(error);
  process.exit(1);
}
