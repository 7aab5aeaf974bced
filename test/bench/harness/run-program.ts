import type { FromProgram, ToProgram } from './program-messages';

/** What a program does once it is set up. */
export interface Running {
  /** Does its work; resolves with its figures when all is done, or never, if it runs until it is stopped. */
  go(): Promise<Record<string, number>>;
  hold?(isHeld: boolean): void;
  stop(): Promise<void>;
}

/** The main function of a floor or a driver: sets up, then does what the harness says. */
export async function runProgram<Config>(setUp: (config: Config) => Promise<Running>): Promise<void> {
  const running = await setUp(JSON.parse(process.env['BENCH_CONFIG'] ?? '{}') as Config);
  process.on('message', (message: ToProgram) => {
    if (message.kind === 'go') void running.go().then((figures) => tell({ kind: 'done', figures }), fail);
    else if (message.kind === 'hold') running.hold?.(message.isHeld);
    else void running.stop().then(() => process.exit(0), fail);
  });
  // Without its harness it has nothing to do.
  process.on('disconnect', () => process.exit(1));
  tell({ kind: 'ready' });
}

function tell(message: FromProgram): void {
  process.send?.(message);
}

function fail(error: unknown): void {
  console.error(error);
  process.exit(1);
}
