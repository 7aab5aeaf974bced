import { comparedOf, type ReconcileRun, type RunStore } from '@dbem/reconcile';
import type { Log } from '@dbem/runtime';
import { addSampledGauge, type Sample } from '@dbem/telemetry';
import type { Registry } from 'prom-client';

const STATES = ['pending', 'running', 'paused', 'done', 'failed', 'cancelled'] as const;
const UNDER_WAY: ReadonlySet<string> = new Set(['pending', 'running', 'paused']);

/** Adds gauges for reconcile runs. All managers report the same values, so aggregate by maximum, not by sum. */
export function addReconcileGauges(metrics: Registry, store: Pick<RunStore, 'list'>, log: Log): void {
  addSampledGauge(metrics, {
    name: 'dbem_reconcile_runs',
    help: 'Reconcile runs (backfill, audit, repair) on record, by state.',
    labelNames: ['state'],
    log,
    sample: async () => {
      const runs = await store.list();
      return STATES.map((state) => ({
        labels: { state },
        value: runs.filter((run) => run.state === state).length,
      }));
    },
  });
  addProgress(
    'dbem_reconcile_source_entities',
    'Entities at the source of a reconcile run that is under way.',
    (run) => run.progress.sourceRows,
  );
  addProgress(
    'dbem_reconcile_compared_entities',
    'Entities compared so far in the current pass of a reconcile run that is under way.',
    (run) => comparedOf(run.progress),
  );
  addProgress(
    'dbem_reconcile_sent_entities',
    'Entities sent so far by a reconcile run that is under way.',
    (run) => run.progress.sent,
  );

  function addProgress(name: string, help: string, read: (run: ReconcileRun) => number): void {
    addSampledGauge(metrics, {
      name,
      help,
      labelNames: ['publisher', 'subscriber', 'entity_type', 'kind'],
      log,
      sample: async () =>
        (await store.list()).filter(({ state }) => UNDER_WAY.has(state)).map((run) => sampleOf(run, read(run))),
    });
  }
}

function sampleOf({ publisher, subscriber, entityType, kind }: ReconcileRun, value: number): Sample {
  return { labels: { publisher, subscriber, entity_type: entityType, kind }, value };
}
