import type { Command } from 'commander';
import type { Schemas } from '../api/admin-api';
import { answer } from '../api/answer';
import { sessionOf } from '../session';

interface Filter {
  who?: string;
  action?: string;
  result?: Schemas['AuditEntryDto']['result'];
  limit: string;
}

export function addAudit(program: Command): void {
  program
    .command('audit')
    .description('list recorded changes, newest first: user, time, origin, action and result')
    .option('--who <name>', 'only changes by this user or token')
    .option('--action <text>', 'only actions that contain this text')
    .option('--result <result>', 'started, done, refused or failed')
    .option('--limit <count>', 'maximum number of entries', '50')
    .action(async ({ limit, ...filter }: Filter, command: Command) => {
      const { api, output } = sessionOf(command);
      // Only the newest page: the audit log grows without limit.
      const query = { ...filter, limit: Number(limit) };
      const { items } = await answer(api.GET('/admin/v1/audit', { params: { query } }));
      output.table(
        items,
        ['at', 'who', 'role', 'from', 'action', 'target', 'result', 'outcome'],
        items.map(({ at, who, from, action, target, result, outcome }) => [
          at,
          who.name,
          who.role,
          from.address,
          action,
          Object.values(target).join(' '),
          result,
          outcome,
        ]),
        'No recorded change matches.',
      );
    });
}
