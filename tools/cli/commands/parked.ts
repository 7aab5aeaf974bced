import type { Command } from 'commander';
import type { Schemas } from '../api/admin-api';
import { allPages } from '../api/all-pages';
import { answer } from '../api/answer';
import { entityTypeOf } from '../api/entity-type';
import { EXIT_CODES } from '../exit-codes';
import type { Output } from '../output/output';
import { sessionOf } from '../session';

interface Filter {
  publisher?: string;
  type?: string;
  reason?: string;
  failedBefore?: string;
}

export function addParked(program: Command): void {
  const group = program.command('parked').description('events that could not be used');

  withFilter(group.command('list').description('what is parked, with what the replica makes of it now'))
    .option('--service <service>', 'only of this service; db.event is the event manager itself')
    .action(async ({ service, ...filter }: Filter & { service?: string }, command: Command) => {
      const { api, output } = sessionOf(command);
      const events = await allPages((query) =>
        answer(api.GET('/admin/v1/parked', { params: { query: { ...queryOf(filter), service, ...query } } })),
      );
      output.table(
        events,
        ['service', 'id', 'event', 'reason', 'attempts', 'last failed', 'relevance'],
        events.map((event) => [
          event.service,
          event.id,
          [event.publisher, event.entityType, event.entityId].filter(Boolean).join(' ') || '(can’t be read)',
          event.reasonCode,
          event.attempts,
          event.lastFailedAt,
          event.relevance,
        ]),
        'Nothing is parked.',
      );
    });

  group
    .command('show')
    .description('one event with its reason, stack and decoded entity')
    .argument('<service>')
    .argument('<id>')
    .action(async (service, id, _options, command: Command) => {
      const { api, output } = sessionOf(command);
      const event = await answer(api.GET('/admin/v1/parked/{service}/{id}', { params: { path: { service, id } } }));
      output.record(
        event,
        Object.entries(event).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
      );
    });

  withFilter(
    group.command('redrive').description('sends one event, or all that match, back to where they had come from'),
  )
    .argument('<service>')
    .argument('[id]')
    .option('--dry-run', 'only says what would become of them')
    .action(async (service, id: string | undefined, options: Filter & { dryRun?: boolean }, command: Command) => {
      const { api, output, endWith } = sessionOf(command);
      const { dryRun = false, ...filter } = options;
      const outcome = await answer(
        id === undefined
          ? api.POST('/admin/v1/parked/{service}/redrive', {
              params: { path: { service }, query: { ...queryOf(filter), dryRun } },
            })
          : api.POST('/admin/v1/parked/{service}/{id}/redrive', {
              params: { path: { service, id }, query: { dryRun } },
            }),
      );
      // Without content: the one was sent back.
      if (outcome === undefined) {
        output.done({ redriven: 1, failed: 0 }, 'Sent back.');
        return;
      }
      if (dryRun) {
        showResults(output, outcome);
        return;
      }
      output.done(
        outcome,
        `Sent back ${outcome.redriven}; ${outcome.failed} could not be${outcome.failure ? `: ${outcome.failure}` : ''}.`,
      );
      if (outcome.failed > 0) endWith(EXIT_CODES.found);
    });

  group
    .command('discard')
    .description('throws one event away, for good')
    .argument('<service>')
    .argument('<id>')
    .requiredOption('--reason <text>', 'why nobody needs it any more')
    .action(async (service, id, { reason }: { reason: string }, command: Command) => {
      const { api, output } = sessionOf(command);
      await answer(
        api.POST('/admin/v1/parked/{service}/{id}/discard', { params: { path: { service, id } }, body: { reason } }),
      );
      output.done({ discarded: id }, 'Thrown away.');
    });
}

function showResults(output: Output, redriven: Schemas['RedrivenDto']): void {
  const forecasts = redriven.forecasts ?? [];
  output.table(
    redriven,
    ['id', 'event', 'version', 'outcome', 'reason'],
    forecasts.map(({ id, publisher, entityType, entityId, version, outcome, reason }) => [
      id,
      [publisher, entityType, entityId].filter(Boolean).join(' ') || '(can’t be read)',
      version,
      outcome,
      reason,
    ]),
    'Nothing is parked that matches.',
  );
  if (redriven.hasMore) output.text(`Only the first ${forecasts.length} were looked at; more match.`);
}

function withFilter(command: Command): Command {
  return command
    .option('--publisher <service>')
    .option('--type <entityType>')
    .option('--reason <code>', 'HANDLER_FAILED, say')
    .option('--failed-before <time>', 'ISO 8601: only what has failed last before that');
}

function queryOf({ publisher, type, reason, failedBefore }: Filter) {
  return {
    publisher,
    entityType: type === undefined ? undefined : entityTypeOf(type),
    reasonCode: reason,
    failedBefore,
  };
}
