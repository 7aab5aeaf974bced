import { setTimeout as pause } from 'node:timers/promises';
import type { Command } from 'commander';
import type { Schemas } from '../api/admin-api';
import { answer } from '../api/answer';
import { entityTypeOf } from '../api/entity-type';
import { EXIT_CODES } from '../exit-codes';
import { type Session, sessionOf } from '../session';

type Run = Schemas['RunDto'];

const POLL_INTERVAL_MS = 500;
const ENDED: ReadonlySet<string> = new Set(['done', 'failed', 'cancelled']);

interface StartOptions {
  kind: Run['kind'];
  type: string;
  wait?: boolean;
}

export function addReconcile(program: Command): void {
  const group = program.command('reconcile').description('audit, repair and backfill replicas');

  group
    .command('list')
    .description('list running and recent reconcile runs')
    .action(async (_options, command: Command) => {
      const { api, output } = sessionOf(command);
      const { items: runs } = await answer(api.GET('/admin/v1/reconcile'));
      output.table(
        runs,
        ['id', 'kind', 'publisher', 'subscriber', 'type', 'state', 'compared', 'differing', 'sent', 'requested by'],
        runs.map((run) => [
          run.id,
          run.kind,
          run.publisher,
          run.subscriber,
          run.entityType,
          run.state,
          run.compared,
          run.differing,
          run.sent,
          run.requestedBy,
        ]),
        'There are no reconcile runs.',
      );
    });

  group
    .command('start')
    .description('compare a replica with its source; repair also corrects it, backfill fills it')
    .argument('<publisher>')
    .argument('<subscriber>')
    .requiredOption('--type <entityType>')
    .option('--kind <kind>', 'audit, repair or backfill', 'audit')
    .option('--wait', 'wait until the run ends, and show its progress')
    .action(async (publisher, subscriber, { kind, type, wait }: StartOptions, command: Command) => {
      const session = sessionOf(command);
      const body = { publisher, subscriber, entityType: entityTypeOf(type), kind };
      const run = await answer(session.api.POST('/admin/v1/reconcile', { body }));
      show(session, wait ? await untilEnded(session, run) : run);
    });

  group
    .command('show')
    .description('show one reconcile run and its result')
    .argument('<id>')
    .option('--wait', 'wait until the run ends, and show its progress')
    .action(async (id, { wait }: { wait?: boolean }, command: Command) => {
      const session = sessionOf(command);
      const run = await answer(session.api.GET('/admin/v1/reconcile/{id}', { params: { path: { id } } }));
      show(session, wait ? await untilEnded(session, run) : run);
    });

  for (const [verb, description] of [
    ['pause', 'pause a run at its next step'],
    ['resume', 'resume a paused run'],
    ['cancel', 'cancel a run at its next step; events that it has sent are not taken back'],
  ] as const) {
    group
      .command(verb)
      .description(description)
      .argument('<id>')
      .action(async (id, _options, command: Command) => {
        const session = sessionOf(command);
        show(session, await answer(session.api.POST(`/admin/v1/reconcile/{id}/${verb}`, { params: { path: { id } } })));
      });
  }
}

async function untilEnded({ api, output }: Session, started: Run): Promise<Run> {
  let run = started;
  while (!ENDED.has(run.state)) {
    const left = run.waitingFor ?? (run.secondsLeft === undefined ? run.state : `${run.secondsLeft} s left`);
    output.progress(run.compared, run.sourceRows, `pass ${run.pass}, ${run.differing} differ, ${left}`);
    await pause(POLL_INTERVAL_MS);
    run = await answer(api.GET('/admin/v1/reconcile/{id}', { params: { path: { id: run.id } } }));
  }
  output.endProgress();
  return run;
}

function show({ output, endWith }: Session, run: Run): void {
  output.record(run, [
    ['id', run.id],
    ['run', `${run.kind} of ${run.entityType}, ${run.publisher} → ${run.subscriber}`],
    ['state', run.state],
    ['compared', `${run.compared} of ${run.sourceRows}`],
    ['differing', run.differing],
    ['sent', run.sent],
    ['removed', run.removed],
    ['waits for', run.waitingFor],
    ['error', run.error],
    ['outcome', run.statement],
  ]);
  if (run.state === 'failed' || run.isEqual === false) endWith(EXIT_CODES.found);
}
