import type { Command } from 'commander';
import { listMembers } from '../api/lists';
import { sessionOf } from '../session';

export function addMembers(program: Command): void {
  program
    .command('members')
    .description('the live event managers, and the newest change of the map that each routes by')
    .action(async (_options, command: Command) => {
      const { api, output } = sessionOf(command);
      const members = await listMembers(api);
      output.table(
        members,
        ['id', 'host', 'pid', 'since', 'routes by'],
        members.map(({ id, host, pid, startedAt, appliedRevision }) => [id, host, pid, startedAt, appliedRevision]),
        'There is no event manager.',
      );
    });
}
