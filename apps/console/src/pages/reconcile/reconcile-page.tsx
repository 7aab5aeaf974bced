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

/** Are replicas equal to their sources? Audits say so, repairs and backfills make them so. */
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
      note="Audits compare a replica with its source while writes go on; repairs heal what differs; backfills fill what is empty."
      actions={
        mayChange && (
          <>
            <Button onClick={() => setDialog('schedule')}>
              <CalendarClock size={15} aria-hidden />
              Schedule…
            </Button>
            <Button look="primary" onClick={() => setDialog('run')}>
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
      <Loaded query={runs} what="The runs could not be read.">
        {(all) => {
          const ended = all.filter((run) => !isUnderWay(run));
          return (
            <Card title="Runs" note="The last ones, newest first." flush>
              {ended.length === 0 ? (
                <EmptyState
                  icon={GitCompareArrows}
                  title={all.length === 0 ? 'Nothing has been compared yet' : 'No run has ended yet'}
                >
                  An audit reads digests only, and changes nothing: start one to know whether a replica is equal to its
                  source.
                </EmptyState>
              ) : (
                <RunTable runs={ended} onOpen={({ id }) => change({ run: id })} />
              )}
            </Card>
          );
        }}
      </Loaded>
      <Loaded query={schedules} what="The schedules could not be read." lines={2}>
        {(items) => (
          <Card title="Schedules" note="Runs that start by themselves." flush>
            {items.length === 0 ? (
              <EmptyState icon={CalendarClock} title="Nothing is scheduled">
                An audit every night finds drift before anybody else does.
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
