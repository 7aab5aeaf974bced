import type { Command } from 'commander';
import type { Member } from '../api/answers';
import { path, sessionOf } from '../session';

export function addMembers(program: Command): void {
  program
    .command('members')
    .description('the live event managers, and the newest change of the map that each routes by')
    .action(async (_options, command: Command) => {
      const { api, output } = sessionOf(command);
      const members = await api.list<Member>(path('members'));
      output.table(
        members,
        ['id', 'host', 'pid', 'since', 'routes by'],
        members.map(({ id, host, pid, startedAt, appliedRevision }) => [id, host, pid, startedAt, appliedRevision]),
        'There is no event manager.',
      );
    });
}
