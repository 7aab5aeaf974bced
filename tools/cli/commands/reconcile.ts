import { setTimeout as pause } from 'node:timers/promises';
import type { Command } from 'commander';
import type { Schemas } from '../api/admin-api';
import { answer } from '../api/answer';
import { entityTypeOf } from '../api/entity-type';
import { EXIT_CODES } from '../exit-codes';
import { type Session, sessionOf } from '../session';

type Run = Schemas['RunDto'];

const POLL_INTERVAL_MS = 500;
const OVER: ReadonlySet<string> = new Set(['done', 'failed', 'cancelled']);

interface StartOptions {
  kind: Run['kind'];
  type: string;
  wait?: boolean;
}

export function addReconcile(program: Command): void {
  const group = program.command('reconcile').description('backfill, audit and repair of replicas');

  group
    .command('list')
    .description('the runs under way, and the last ones')
    .action(async (_options, command: Command) => {
      const { api, output } = sessionOf(command);
      const { items: runs } = await answer(api.GET('/admin/v1/reconcile'));
      output.table(
        runs,
        ['id', 'kind', 'publisher', 'subscriber', 'type', 'state', 'compared', 'differing', 'sent', 'asked by'],
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
        'There were no runs.',
      );
    });

  group
    .command('start')
    .description('compares a replica with its source; a repair heals it, a backfill fills it')
    .argument('<publisher>')
    .argument('<subscriber>')
    .requiredOption('--type <entityType>')
    .option('--kind <kind>', 'audit, repair or backfill', 'audit')
    .option('--wait', 'until it is over, with its progress')
    .action(async (publisher, subscriber, { kind, type, wait }: StartOptions, command: Command) => {
      const session = sessionOf(command);
      const body = { publisher, subscriber, entityType: entityTypeOf(type), kind };
      const run = await answer(session.api.POST('/admin/v1/reconcile', { body }));
      show(session, wait ? await untilOver(session, run) : run);
    });

  group
    .command('show')
    .description('one run, with what it found')
    .argument('<id>')
    .option('--wait', 'until it is over, with its progress')
    .action(async (id, { wait }: { wait?: boolean }, command: Command) => {
      const session = sessionOf(command);
      const run = await answer(session.api.GET('/admin/v1/reconcile/{id}', { params: { path: { id } } }));
      show(session, wait ? await untilOver(session, run) : run);
    });

  for (const [verb, description] of [
    ['pause', 'stops it at its next step; what it has done stays'],
    ['resume', 'lets it go on from there'],
    ['cancel', 'ends it at its next step; what it has sent stays'],
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

async function untilOver({ api, output }: Session, begun: Run): Promise<Run> {
  let run = begun;
  while (!OVER.has(run.state)) {
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
