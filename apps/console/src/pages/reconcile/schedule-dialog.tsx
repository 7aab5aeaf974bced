import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { answer, api } from '../../api/client';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { ProblemNote } from '../../ui/problem-note';
import { Segmented } from '../../ui/segmented';
import { SelectField } from '../../ui/select-field';
import { showToast } from '../../ui/toasts';
import { type RunTarget, RunTargetFields } from './run-target-fields';

const INTERVALS = [
  ['3600', 'every hour'],
  ['21600', 'every 6 hours'],
  ['86400', 'every day'],
  ['604800', 'every week'],
] as const;

interface ScheduleDialogProps {
  readonly given: Partial<RunTarget>;
  onClose(): void;
}

/** Schedules audits or repairs. Replaces an existing schedule of the same pair and entity type. */
export function ScheduleDialog({ given, onClose }: ScheduleDialogProps) {
  const [kind, setKind] = useState<'audit' | 'repair'>('audit');
  const [interval, chooseInterval] = useState<(typeof INTERVALS)[number][0]>('86400');
  const [target, setTarget] = useState<RunTarget>({
    publisher: given.publisher ?? '',
    subscriber: given.subscriber ?? '',
    entityType: given.entityType ?? 'USER_PROFILE',
  });
  const queryClient = useQueryClient();
  const put = useMutation({
    mutationFn: () =>
      answer(
        api.PUT('/admin/v1/reconcile-schedules/{publisher}/{subscriber}/{entityType}', {
          params: { path: { ...target } },
          body: { kind, intervalSeconds: Number(interval) },
        }),
      ),
    onSuccess: () => {
      showToast('Schedule saved.');
      void queryClient.invalidateQueries({ queryKey: ['schedules'] });
      onClose();
    },
  });
  return (
    <Dialog
      title="Schedule runs"
      note="The interval is measured from the start of one run to the start of the next."
      onClose={onClose}
    >
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          put.mutate();
        }}
      >
        <Segmented
          label="Kind of run"
          value={kind}
          onChange={setKind}
          options={[
            ['audit', 'Audit'],
            ['repair', 'Repair'],
          ]}
        />
        <RunTargetFields target={target} onChange={setTarget} />
        <SelectField label="Interval" value={interval} options={INTERVALS} onChange={chooseInterval} />
        {put.isError && <ProblemNote error={put.error} what="Could not save the schedule." />}
        <div className="dialog-foot">
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            variant="primary"
            disabled={put.isPending || target.publisher === '' || target.subscriber === ''}
          >
            Schedule
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
