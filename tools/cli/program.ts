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
import { RootCommand, type RunContext } from './root-command';
import { DEFAULT_URL } from './session';

/** Builds the command line of `dbem` for one run. */
export function makeProgram(context: RunContext = process): RootCommand {
  const program = new RootCommand(context);
  program
    .description('Inspects and operates a DB Event Manager through its admin API.')
    .option('--url <url>', `URL of an event manager (default: DBEM_URL, or ${DEFAULT_URL})`)
    .option('--token <token>', 'token of the admin API; prefer the environment variable DBEM_TOKEN')
    .option('--json', 'print one JSON value instead of tables')
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
  for (const command of commandsOf(program)) command.exitOverride().showHelpAfterError('(use --help for usage)');
  return program;
}

function commandsOf(command: Command): Command[] {
  return command.commands.flatMap((child) => [child, ...commandsOf(child)]);
}
