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
  const group = program.command('subscriptions').description('manage subscriptions');

  group
    .command('list')
    .description('list all subscriptions, or those of a publisher or subscriber')
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
    .description('create a subscription, or replace the entity types of an existing one')
    .argument('<publisher>')
    .argument('<subscriber>')
    .option('--types <types>', 'comma-separated entity types (default: all)')
    .action((publisher, subscriber, { types }: { types?: string }, command: Command) =>
      put(sessionOf(command), publisher, subscriber, types),
    );

  group
    .command('narrow')
    .description('restrict a subscription to these entity types')
    .argument('<publisher>')
    .argument('<subscriber>')
    .requiredOption('--types <types>', 'comma-separated entity types')
    .action(async (publisher, subscriber, { types }: { types: string }, command: Command) => {
      const session = sessionOf(command);
      const existing = await listSubscriptions(session.api, { publisher, subscriber });
      if (existing.length === 0) {
        throw new CliError(`"${subscriber}" is not subscribed to "${publisher}".`, EXIT_CODES.absent);
      }
      await put(session, publisher, subscriber, types);
    });

  group
    .command('remove')
    .description('remove a subscription; the service’s queue and its events stay, unless --delete-queue is given')
    .argument('<publisher>')
    .argument('<subscriber>')
    .option('--delete-queue', 'also delete the service’s queue with the events in it')
    .action(async (publisher, subscriber, { deleteQueue }: { deleteQueue?: boolean }, command: Command) => {
      const { api, output } = sessionOf(command);
      await answer(
        api.DELETE('/admin/v1/subscriptions/{publisher}/{subscriber}', {
          params: { path: { publisher, subscriber }, query: { queue: deleteQueue ? 'delete' : 'keep' } },
        }),
      );
      output.done(
        { publisher, subscriber, removed: true },
        `"${subscriber}" is no longer subscribed to "${publisher}".`,
      );
    });

  group
    .command('pause')
    .description('pause a subscription: its events wait until everybody who has paused it has resumed it')
    .argument('<publisher>')
    .argument('<subscriber>')
    .action(async (publisher, subscriber, _options, command: Command) => {
      const { api, output } = sessionOf(command);
      const paused = await answer(
        api.POST('/admin/v1/subscriptions/{publisher}/{subscriber}/pause', {
          params: { path: { publisher, subscriber } },
        }),
      );
      output.done(
        paused,
        `Paused: events of "${publisher}" for "${subscriber}" wait until the subscription is resumed.`,
      );
    });

  group
    .command('resume')
    .description('resume a subscription: end your pause; after the last one, the waiting events are delivered')
    .argument('<publisher>')
    .argument('<subscriber>')
    .option('--by <name>', 'end the pause of somebody else')
    .option('--wait', 'wait until all waiting events are delivered')
    .action(async (publisher, subscriber, { by, wait }: { by?: string; wait?: boolean }, command: Command) => {
      const session = sessionOf(command);
      const resumed = await answer(
        session.api.POST('/admin/v1/subscriptions/{publisher}/{subscriber}/resume', {
          params: { path: { publisher, subscriber }, query: { ...(by !== undefined && { by }) } },
        }),
      );
      const others = resumed.pauses?.map((pause) => pause.by).join(', ');
      if (others !== undefined) {
        session.output.done(resumed, `The pause has ended; the subscription is still paused by ${others}.`);
        return;
      }
      if (wait) await untilDelivered(session, publisher, subscriber);
      session.output.done(resumed, `Resumed: events of "${publisher}" are delivered to "${subscriber}".`);
    });

  group
    .command('receipt')
    .description('show where events go: compare map, queues and bindings, and repair what differs')
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
        ['paused by', subscription.pauses?.map(({ by, since }) => `${by} since ${since}`).join(', ')],
        [
          'queue',
          `${queue.name}: ${queue.kind ?? 'unknown kind'}, ${queue.events} waiting, ${queue.consumers} consumers`,
        ],
        ['waiting', waiting && `${waiting.name}: ${waiting.events} waiting`],
        ['event managers', receipt.managers],
      ]);
      for (const { state, message } of receipt.findings) output.text(`${state}: ${message}`);
      if (receipt.findings.some(({ state }) => state === 'warning')) endWith(EXIT_CODES.found);
    });
}

async function put({ api, output }: Session, publisher: string, subscriber: string, wanted?: string): Promise<void> {
  const body = wanted === undefined ? {} : { entityTypes: wanted.split(',').map((type) => entityTypeOf(type.trim())) };
  const subscription = await answer(
    api.PUT('/admin/v1/subscriptions/{publisher}/{subscriber}', { params: { path: { publisher, subscriber } }, body }),
  );
  const types = subscription.entityTypes?.join(', ') ?? 'all entity types';
  output.done(subscription, `"${subscriber}" is subscribed to ${types} of "${publisher}".`);
}

async function untilDelivered({ api, output }: Session, publisher: string, subscriber: string): Promise<void> {
  let most = 0;
  for (;;) {
    const { waiting, subscription } = await receiptOf(api, publisher, subscriber);
    const left = waiting?.events ?? 0;
    most = Math.max(most, left);
    output.progress(most - left, most, `${left} events waiting`);
    if (subscription.delivery === undefined) break;
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
