import type { Command } from 'commander';
import { addAudit } from './commands/audit';
import { addCompletion } from './commands/completion';
import { addContract } from './commands/contract';
import { addDatabase } from './commands/database';
import { addDoctor } from './commands/doctor';
import { addEntity } from './commands/entity';
import { addMembers } from './commands/members';
import { addParked } from './commands/parked';
import { addReconcile } from './commands/reconcile';
import { addStatus } from './commands/status';
import { addSubscriptions } from './commands/subscriptions';
import { addTokens } from './commands/tokens';
import { addTopology } from './commands/topology';
import { RootCommand, type Surroundings } from './root-command';
import { DEFAULT_URL } from './session';

/** The command line of `dbem`, for one run. */
export function makeProgram(surroundings: Surroundings = process): RootCommand {
  const program = new RootCommand(surroundings);
  program
    .description('Looks at a DB Event Manager and works on it, through its admin API.')
    .option('--url <url>', `an event manager (default: DBEM_URL, or else ${DEFAULT_URL})`)
    .option('--token <token>', 'of the admin API; better in the environment, as DBEM_TOKEN')
    .option('--json', 'one JSON value instead of tables')
    .showHelpAfterError('(dbem --help lists the commands)')
    .exitOverride();
  for (const add of [
    addStatus,
    addTopology,
    addSubscriptions,
    addParked,
    addEntity,
    addReconcile,
    addMembers,
    addAudit,
    addTokens,
    addContract,
    addDatabase,
    addDoctor,
    addCompletion,
  ]) {
    add(program);
  }
  for (const command of allOf(program)) command.exitOverride().showHelpAfterError('(--help tells more)');
  return program;
}

function allOf(command: Command): Command[] {
  return command.commands.flatMap((child) => [child, ...allOf(child)]);
}
