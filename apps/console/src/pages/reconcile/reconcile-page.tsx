import { CalendarClock, GitCompareArrows, Plus } from 'lucide-react';
import { useState } from 'react';
import { useMayChange } from '../../session/use-may-change';
import { Button } from '../../ui/button';
import { Card } from '../../ui/card';
import { EmptyState } from '../../ui/empty-state';
import { Loaded } from '../../ui/loaded';
import { Page } from '../../ui/page';
import { useQueryState } from '../../ui/use-query-state';
import { isUnderWay, useRuns, useSchedules } from './reconcile-queries';
import { RunCard } from './run-card';
import { RunDetail } from './run-detail';
import { RunTable } from './run-table';
import { ScheduleDialog } from './schedule-dialog';
import { ScheduleTable } from './schedule-table';
import { StartRunDialog } from './start-run-dialog';

/** Do replicas match their sources? Audits check it; repairs and backfills restore it. */
export function ReconcilePage() {
  const [state, change] = useQueryState(['publisher', 'subscriber', 'run']);
  const [dialog, setDialog] = useState<'run' | 'schedule'>();
  const runs = useRuns();
  const schedules = useSchedules();
  const mayChange = useMayChange();
  const given = { publisher: state.publisher, subscriber: state.subscriber };
  const open = runs.data?.find(({ id }) => id === state.run);
  const underWay = runs.data?.filter(isUnderWay) ?? [];
  return (
    <Page
      title="Reconcile"
      note="Audits compare a replica with its source while writes continue; repairs fix differences; backfills fill empty replicas."
      actions={
        mayChange && (
          <>
            <Button onClick={() => setDialog('schedule')}>
              <CalendarClock size={15} aria-hidden />
              Schedule…
            </Button>
            <Button variant="primary" onClick={() => setDialog('run')}>
              <Plus size={15} aria-hidden />
              Start a run
            </Button>
          </>
        )
      }
    >
      {underWay.map((run) => (
        <RunCard key={run.id} run={run} onOpen={() => change({ run: run.id })} />
      ))}
      <Loaded query={runs} what="Could not load the runs.">
        {(all) => {
          const ended = all.filter((run) => !isUnderWay(run));
          return (
            <Card title="Runs" note="Recent runs, newest first." flush>
              {ended.length === 0 ? (
                <EmptyState icon={GitCompareArrows} title={all.length === 0 ? 'No runs yet' : 'No finished runs yet'}>
                  An audit compares digests and changes nothing. Start one to check whether a replica matches its
                  source.
                </EmptyState>
              ) : (
                <RunTable runs={ended} onOpen={({ id }) => change({ run: id })} />
              )}
            </Card>
          );
        }}
      </Loaded>
      <Loaded query={schedules} what="Could not load the schedules." lines={2}>
        {(items) => (
          <Card title="Schedules" note="Runs that start automatically." flush>
            {items.length === 0 ? (
              <EmptyState icon={CalendarClock} title="No schedules">
                A nightly audit finds drift before your users do.
              </EmptyState>
            ) : (
              <ScheduleTable schedules={items} mayChange={mayChange} />
            )}
          </Card>
        )}
      </Loaded>
      {dialog === 'run' && (
        <StartRunDialog
          given={given}
          onStarted={({ id }) => change({ run: id })}
          onClose={() => setDialog(undefined)}
        />
      )}
      {dialog === 'schedule' && <ScheduleDialog given={given} onClose={() => setDialog(undefined)} />}
      {open !== undefined && <RunDetail run={open} onClose={() => change({ run: '' })} />}
    </Page>
  );
}
