import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { answer, api } from '../../api/client';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { plural } from '../../ui/format';
import { ProblemNote } from '../../ui/problem-note';
import { SelectField } from '../../ui/select-field';
import { publishTransient } from '../../ui/toasts';
import { criteriaOf, type ParkedEvent, type ParkedFilter } from './parked-queries';
import { RedrivePlan } from './redrive-plan';

interface RedriveDialogProps {
  readonly filter: ParkedFilter;
  readonly items: readonly ParkedEvent[];
  onClose(): void;
}

/** Redrives all of a service that match the filter, after a dry run has shown what that would be. */
export function RedriveDialog({ filter, items, onClose }: RedriveDialogProps) {
  const services = [...new Set(items.map(({ service }) => service))];
  const [service, setService] = useState(filter.service || (services[0] ?? ''));
  const queryClient = useQueryClient();
  const call = (dryRun: boolean) =>
    answer(
      api.POST('/admin/v1/parked/{service}/redrive', {
        params: { path: { service }, query: { ...criteriaOf(filter), dryRun: dryRun || undefined } },
      }),
    );
  const trial = useMutation({ mutationFn: () => call(true) });
  const redrive = useMutation({
    mutationFn: () => call(false),
    onSuccess: ({ redriven, failed, failure }) => {
      void queryClient.invalidateQueries({ queryKey: ['parked'] });
      if (failed === 0) publishTransient(`${plural(redriven, 'event')} sent back.`);
      if (failed === 0) onClose();
      else trial.reset();
      return failure;
    },
  });
  const criteria = Object.entries(criteriaOf(filter)).filter(([, value]) => value !== undefined);
  return (
    <Dialog title="Redrive parked events" onClose={onClose}>
      {services.length > 1 && filter.service === '' ? (
        <SelectField
          label="Parked of"
          value={service}
          options={services}
          onChange={(chosen) => {
            setService(chosen);
            trial.reset();
          }}
        />
      ) : (
        <p>
          Parked of <strong>{service}</strong>
        </p>
      )}
      <p className="quiet">
        {criteria.length === 0
          ? 'All of them. Narrow the list behind first to redrive less.'
          : `Only those with ${criteria.map(([name, value]) => `${name} ${value}`).join(', ')}.`}
      </p>
      {trial.data?.plan !== undefined && <RedrivePlan plan={trial.data.plan} />}
      {trial.isError && <ProblemNote error={trial.error} what="The dry run failed." />}
      {redrive.isError && <ProblemNote error={redrive.error} what="The redrive failed." />}
      {redrive.data !== undefined && redrive.data.failed > 0 && (
        <p role="alert">
          {plural(redrive.data.redriven, 'event')} sent back; {redrive.data.failed} could not be, and stay parked:{' '}
          {redrive.data.failure}
        </p>
      )}
      <div className="dialog-foot">
        <Button onClick={onClose}>Close</Button>
        <Button
          look={trial.isSuccess ? undefined : 'primary'}
          disabled={trial.isPending}
          onClick={() => trial.mutate()}
        >
          {trial.isPending ? 'Looking…' : 'Dry run'}
        </Button>
        {trial.isSuccess && (
          <Button look="primary" disabled={redrive.isPending} onClick={() => redrive.mutate()}>
            {redrive.isPending ? 'Redriving…' : 'Redrive them'}
          </Button>
        )}
      </div>
    </Dialog>
  );
}
