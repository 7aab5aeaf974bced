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
  const group = program.command('parked').description('inspect and redrive events that could not be processed');

  withFilter(group.command('list').description('list parked events and whether the replica still needs them'))
    .option('--service <service>', 'only of this service (db.event: the event manager itself)')
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
          [event.publisher, event.entityType, event.entityId].filter(Boolean).join(' ') || '(unreadable)',
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
    .description('show one parked event with its reason, stack trace and decoded entity')
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
    group.command('redrive').description('send one parked event, or all that match, back to the queue they came from'),
  )
    .argument('<service>')
    .argument('[id]')
    .option('--dry-run', 'only report the expected outcome of each event')
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
      // A response without content: the one event was sent back.
      if (outcome === undefined) {
        output.done({ redriven: 1, failed: 0 }, 'Redriven.');
        return;
      }
      if (dryRun) {
        showResults(output, outcome);
        return;
      }
      output.done(
        outcome,
        `Redriven: ${outcome.redriven}; failed: ${outcome.failed}${outcome.failure ? ` (${outcome.failure})` : ''}.`,
      );
      if (outcome.failed > 0) endWith(EXIT_CODES.found);
    });

  group
    .command('discard')
    .description('delete one parked event permanently')
    .argument('<service>')
    .argument('<id>')
    .requiredOption('--reason <text>', 'why the event is no longer needed')
    .action(async (service, id, { reason }: { reason: string }, command: Command) => {
      const { api, output } = sessionOf(command);
      await answer(
        api.POST('/admin/v1/parked/{service}/{id}/discard', { params: { path: { service, id } }, body: { reason } }),
      );
      output.done({ discarded: id }, 'Discarded.');
    });
}

function showResults(output: Output, redriven: Schemas['RedrivenDto']): void {
  const results = redriven.results ?? [];
  output.table(
    redriven,
    ['id', 'event', 'version', 'outcome', 'reason'],
    results.map(({ id, publisher, entityType, entityId, version, outcome, reason }) => [
      id,
      [publisher, entityType, entityId].filter(Boolean).join(' ') || '(unreadable)',
      version,
      outcome,
      reason,
    ]),
    'No parked event matches.',
  );
  if (redriven.hasMore) output.text(`Only the first ${results.length} were checked; more match.`);
}

function withFilter(command: Command): Command {
  return command
    .option('--publisher <service>')
    .option('--type <entityType>')
    .option('--reason <code>', 'reason code, for example HANDLER_FAILED')
    .option('--failed-before <time>', 'only events whose last failure was before this time (ISO 8601)');
}

function queryOf({ publisher, type, reason, failedBefore }: Filter) {
  return {
    publisher,
    entityType: type === undefined ? undefined : entityTypeOf(type),
    reasonCode: reason,
    failedBefore,
  };
}
