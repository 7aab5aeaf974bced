import type { Command } from 'commander';
import { listServices } from '../api/lists';
import { sessionOf } from '../session';

export function addTopology(program: Command): void {
  program
    .command('topology')
    .description('list services, their subscriptions and the depth of their queues')
    .action(async (_options, command: Command) => {
      const { api, output } = sessionOf(command);
      const services = await listServices(api);
      output.table(
        services,
        ['service', 'subscribes to', 'subscribers', 'waiting', 'consumers', 'parked'],
        services.map(({ name, subscribesTo, subscribers, queue, parked }) => [
          name,
          subscribesTo.join(', '),
          subscribers.join(', '),
          queue?.events ?? '-',
          queue?.consumers ?? '-',
          parked?.messages ?? '-',
        ]),
        'There are no services.',
      );
    });
}
