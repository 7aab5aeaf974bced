import type { Command } from 'commander';
import { answer } from '../api/answer';
import { entityTypeOf } from '../api/entity-type';
import { EXIT_CODES } from '../exit-codes';
import { sessionOf } from '../session';

const MAX_DEFERRED = 500;

export function addEntity(program: Command): void {
  program
    .command('entity')
    .description('show one entity at its source and in each subscribed service')
    .argument('<publisher>')
    .argument('<entityType>')
    .argument('<entityId>')
    .action(async (publisher, entityType, entityId, _options, command: Command) => {
      const { api, output, endWith } = sessionOf(command);
      const report = await answer(
        api.GET('/admin/v1/entities/{publisher}/{entityType}/{entityId}', {
          params: { path: { publisher, entityType: entityTypeOf(entityType), entityId } },
        }),
      );
      const { source, services } = report;
      output.table(
        report,
        ['where', 'state', 'version', 'since', 'reason'],
        [
          [publisher, source.status, source.version, source.changedAt, source.reason],
          ...services.map((service) => [
            service.service,
            service.deleted ? `${service.state}, deleted` : service.state,
            service.version,
            service.appliedAt,
            service.reason,
          ]),
        ],
        '',
      );
      for (const { service, differences = [] } of services) {
        for (const { field, source: at, replica } of differences) {
          const values =
            at === undefined ? '' : `: ${JSON.stringify(at)} at ${publisher}, ${JSON.stringify(replica)} at ${service}`;
          output.text(`${service} differs in ${field}${values}`);
        }
      }
      if (services.some(({ state }) => state !== 'current')) endWith(EXIT_CODES.found);
    });

  program
    .command('deferred')
    .description('list the events of a service that wait for a dependency')
    .argument('<service>')
    .action(async (service, _options, command: Command) => {
      const { api, output } = sessionOf(command);
      const deferred = await answer(
        api.GET('/admin/v1/deferred-events', { params: { query: { service, limit: MAX_DEFERRED } } }),
      );
      output.table(
        deferred,
        ['publisher', 'type', 'entity', 'version', 'since', 'waits for'],
        deferred.items.map(({ publisher, entityType, entityId, version, deferredSince, waitsFor }) => [
          publisher,
          entityType,
          entityId,
          version,
          deferredSince,
          [waitsFor.publisher, waitsFor.entityType, waitsFor.entityId].join(' '),
        ]),
        'No event is deferred.',
      );
      if (deferred.total > deferred.items.length) output.text(`… and ${deferred.total - deferred.items.length} more.`);
    });
}
