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
    .description('who changed what, when, from where, with which result; newest first')
    .option('--who <name>')
    .option('--action <text>', 'only actions that contain it')
    .option('--result <result>', 'begun, done, refused or failed')
    .option('--limit <count>', 'most entries', '50')
    .action(async ({ limit, ...filter }: Filter, command: Command) => {
      const { api, output } = sessionOf(command);
      // The trail has no end that anybody wants to see: the newest page is enough.
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
        'Nothing was changed.',
      );
    });
}
