import type { Command } from 'commander';
import { type Health, healthOf } from '../api/health';
import { listMembers, listServices, listTroubles } from '../api/lists';
import { EXIT_CODES } from '../exit-codes';
import { sessionOf } from '../session';

export function addStatus(program: Command): void {
  program
    .command('status')
    .description('show health, waiting and parked events, and what is wrong')
    .action(async (_options, command: Command) => {
      const { api, output, endWith } = sessionOf(command);
      const [health, members, services, troubles] = await Promise.all([
        healthOf(api),
        listMembers(api),
        listServices(api),
        listTroubles(api),
      ]);
      const waiting = services.flatMap(({ queue }) => queue ?? []);
      const parked = services.reduce((sum, service) => sum + (service.parked?.messages ?? 0), 0);
      const hasError = troubles.some(({ severity }) => severity === 'error');
      const isHealthy = health.status === 'ok' && !isDegraded(health) && !hasError;
      output.record({ health, members, services, troubles }, [
        ['health', isHealthy ? 'ok' : 'not ok'],
        ...Object.entries(health.details).map(([name, { status, state }]) => [`  ${name}`, state ?? status] as const),
        ['event managers', members.length],
        ['services', services.length - 1],
        ['events waiting', waiting.reduce((sum, { messages }) => sum + messages, 0)],
        [
          'queues without consumers',
          waiting
            .filter(({ consumers }) => consumers === 0)
            .map(({ name }) => name)
            .join(', ') || 'none',
        ],
        ['parked', parked],
        ['troubles', troubles.length === 0 ? 'none' : troubles.length],
        ...troubles.map(({ severity, title, detail, since }) => {
          const text = since === undefined ? `${title}. ${detail}` : `${title} since ${since}. ${detail}`;
          return [`  ${severity}`, text] as const;
        }),
      ]);
      if (!isHealthy) endWith(EXIT_CODES.found);
    });
}

function isDegraded({ details }: Health): boolean {
  return Object.values(details).some(({ state }) => state === 'degraded');
}
