import { Command, Option } from 'commander';
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

/** The command line of `dbem`, made anew for each run. */
export function makeProgram(): Command {
  const program = new Command('dbem')
    .description('Looks at a DB Event Manager and works on it, through its admin API.')
    .addOption(new Option('--url <url>', 'an event manager').env('DBEM_URL').default('http://127.0.0.1:3000'))
    .addOption(new Option('--token <token>', 'of the admin API; better in the environment').env('DBEM_TOKEN'))
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
