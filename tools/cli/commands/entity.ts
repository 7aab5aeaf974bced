import type { Command } from 'commander';
import { answer } from '../api/answer';
import { entityTypeOf } from '../api/entity-type';
import { EXIT_CODES } from '../exit-codes';
import { sessionOf } from '../session';

const MOST_HELD = 500;

export function addEntity(program: Command): void {
  program
    .command('entity')
    .description('where one entity stands: at its source, and in each service that is subscribed to it')
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
        ['where', 'standing', 'version', 'since', 'reason'],
        [
          [publisher, source.status, source.version, source.changedAt, source.reason],
          ...services.map((service) => [
            service.service,
            service.deleted ? `${service.standing}, deleted` : service.standing,
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
            at === undefined ? '' : `: ${JSON.stringify(at)} at ${publisher}, ${JSON.stringify(replica)} here`;
          output.text(`${service} differs in ${field}${values}`);
        }
      }
      if (services.some(({ standing }) => standing !== 'current')) endWith(EXIT_CODES.found);
    });

  program
    .command('held')
    .description('events that a service keeps until what they depend on is applied')
    .argument('<service>')
    .action(async (service, _options, command: Command) => {
      const { api, output } = sessionOf(command);
      const held = await answer(api.GET('/admin/v1/held', { params: { query: { service, limit: MOST_HELD } } }));
      output.table(
        held,
        ['publisher', 'type', 'entity', 'version', 'since', 'waits for'],
        held.items.map(({ publisher, entityType, entityId, version, heldSince, waitsFor }) => [
          publisher,
          entityType,
          entityId,
          version,
          heldSince,
          [waitsFor.publisher, waitsFor.entityType, waitsFor.entityId].join(' '),
        ]),
        'Nothing is held.',
      );
      if (held.total > held.items.length) output.text(`… and ${held.total - held.items.length} more.`);
    });
}
