import type { Command } from 'commander';
import type { Page } from '../api/admin-api';
import type { AuditEntry } from '../api/answers';
import { path, sessionOf } from '../session';

interface Filter {
  who?: string;
  action?: string;
  result?: string;
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
      const { items } = await api.get<Page<AuditEntry>>(path('audit'), { ...filter, limit });
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
