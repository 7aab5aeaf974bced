import { setTimeout as pause } from 'node:timers/promises';
import type { Command } from 'commander';
import type { AdminApi } from '../api/admin-api';
import { answer } from '../api/answer';
import { entityTypeOf } from '../api/entity-type';
import { listSubscriptions } from '../api/lists';
import { CliError } from '../cli.error';
import { EXIT_CODES } from '../exit-codes';
import { type Session, sessionOf } from '../session';

const POLL_INTERVAL_MS = 500;

export function addSubscriptions(program: Command): void {
  const group = program.command('subscriptions').description('who hears whom');

  group
    .command('list')
    .description('all subscriptions, or those of a publisher or a subscriber')
    .option('--publisher <service>')
    .option('--subscriber <service>')
    .action(async (filter: { publisher?: string; subscriber?: string }, command: Command) => {
      const { api, output } = sessionOf(command);
      const subscriptions = await listSubscriptions(api, filter);
      output.table(
        subscriptions,
        ['publisher', 'subscriber', 'entity types', 'delivery'],
        subscriptions.map(({ publisher, subscriber, entityTypes, delivery }) => [
          publisher,
          subscriber,
          entityTypes?.join(', ') ?? 'all',
          delivery ?? 'live',
        ]),
        'There are no subscriptions.',
      );
    });

  group
    .command('add')
    .description('makes a subscription; of one that is there, replaces the entity types')
    .argument('<publisher>')
    .argument('<subscriber>')
    .option('--types <types>', 'only these entity types, joined by commas; left out: all')
    .action((publisher, subscriber, { types }: { types?: string }, command: Command) =>
      put(sessionOf(command), publisher, subscriber, types),
    );

  group
    .command('narrow')
    .description('lets through only these entity types from now on')
    .argument('<publisher>')
    .argument('<subscriber>')
    .requiredOption('--types <types>', 'entity types, joined by commas')
    .action(async (publisher, subscriber, { types }: { types: string }, command: Command) => {
      const session = sessionOf(command);
      const present = await listSubscriptions(session.api, { publisher, subscriber });
      if (present.length === 0) {
        throw new CliError(`"${subscriber}" does not subscribe to "${publisher}".`, EXIT_CODES.absent);
      }
      await put(session, publisher, subscriber, types);
    });

  group
    .command('remove')
    .description('ends a subscription; the service’s queue and what is in it stay, unless told otherwise')
    .argument('<publisher>')
    .argument('<subscriber>')
    .option('--delete-queue', 'the service’s queue goes too, with the events in it')
    .action(async (publisher, subscriber, { deleteQueue }: { deleteQueue?: boolean }, command: Command) => {
      const { api, output } = sessionOf(command);
      await answer(
        api.DELETE('/admin/v1/subscriptions/{publisher}/{subscriber}', {
          params: { path: { publisher, subscriber }, query: { queue: deleteQueue ? 'delete' : 'keep' } },
        }),
      );
      output.done({ publisher, subscriber, removed: true }, `"${subscriber}" does not hear "${publisher}" any more.`);
    });

  group
    .command('pause')
    .description('lets its events wait until it is resumed')
    .argument('<publisher>')
    .argument('<subscriber>')
    .action(async (publisher, subscriber, _options, command: Command) => {
      const { api, output } = sessionOf(command);
      const paused = await answer(
        api.POST('/admin/v1/subscriptions/{publisher}/{subscriber}/pause', {
          params: { path: { publisher, subscriber } },
        }),
      );
      output.done(paused, `The events of "${publisher}" for "${subscriber}" wait from now on.`);
    });

  group
    .command('resume')
    .description('hands the events that waited to the service, in their order, then those that follow')
    .argument('<publisher>')
    .argument('<subscriber>')
    .option('--wait', 'until all that waited are handed over')
    .action(async (publisher, subscriber, { wait }: { wait?: boolean }, command: Command) => {
      const session = sessionOf(command);
      const resumed = await answer(
        session.api.POST('/admin/v1/subscriptions/{publisher}/{subscriber}/resume', {
          params: { path: { publisher, subscriber } },
        }),
      );
      if (wait) await untilHandedOver(session, publisher, subscriber);
      session.output.done(resumed, `The events of "${publisher}" flow to "${subscriber}" again.`);
    });

  group
    .command('receipt')
    .description('where its events go: map, queues and bindings compared, and made right where they differ')
    .argument('<publisher>')
    .argument('<subscriber>')
    .action(async (publisher, subscriber, _options, command: Command) => {
      const { api, output, endWith } = sessionOf(command);
      const receipt = await receiptOf(api, publisher, subscriber);
      const { subscription, queue, waiting } = receipt;
      output.record(receipt, [
        ['goes to', receipt.goesTo],
        ['entity types', subscription.entityTypes?.join(', ') ?? 'all'],
        ['delivery', subscription.delivery ?? 'live'],
        [
          'queue',
          `${queue.name}: ${queue.kind ?? 'kind not known'}, ${queue.messages} waiting, ${queue.consumers} consumers`,
        ],
        ['paused', waiting && `${waiting.name}: ${waiting.messages} waiting`],
        ['event managers', receipt.managers],
      ]);
      for (const { state, message } of receipt.findings) output.text(`${state}: ${message}`);
      if (receipt.findings.some(({ state }) => state === 'warning')) endWith(EXIT_CODES.found);
    });
}

async function put({ api, output }: Session, publisher: string, subscriber: string, types?: string): Promise<void> {
  const body = types === undefined ? {} : { entityTypes: types.split(',').map((type) => entityTypeOf(type.trim())) };
  const made = await answer(
    api.PUT('/admin/v1/subscriptions/{publisher}/{subscriber}', { params: { path: { publisher, subscriber } }, body }),
  );
  output.done(made, `"${subscriber}" hears ${made.entityTypes?.join(', ') ?? 'everything'} of "${publisher}".`);
}

async function untilHandedOver({ api, output }: Session, publisher: string, subscriber: string): Promise<void> {
  let most = 0;
  for (;;) {
    const { waiting } = await receiptOf(api, publisher, subscriber);
    const left = waiting?.messages ?? 0;
    most = Math.max(most, left);
    output.progress(most - left, most, `${left} events wait`);
    if (left === 0) break;
    await pause(POLL_INTERVAL_MS);
  }
  output.endProgress();
}

function receiptOf(api: AdminApi, publisher: string, subscriber: string) {
  return answer(
    api.GET('/admin/v1/subscriptions/{publisher}/{subscriber}/receipt', {
      params: { path: { publisher, subscriber } },
    }),
  );
}
