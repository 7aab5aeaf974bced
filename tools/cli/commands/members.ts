import type { Command } from 'commander';
import { listMembers } from '../api/lists';
import { sessionOf } from '../session';

export function addMembers(program: Command): void {
  program
    .command('members')
    .description('list the live event managers and the revision of the subscription map that each routes by')
    .action(async (_options, command: Command) => {
      const { api, output } = sessionOf(command);
      const members = await listMembers(api);
      output.table(
        members,
        ['id', 'host', 'pid', 'since', 'map revision'],
        members.map(({ id, host, pid, startedAt, appliedRevision }) => [id, host, pid, startedAt, appliedRevision]),
        'No event manager is alive.',
      );
    });
}
