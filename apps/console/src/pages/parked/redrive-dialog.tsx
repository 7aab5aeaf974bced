import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { answer, api } from '../../api/client';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { formatCount, plural } from '../../ui/format';
import { ProblemNote } from '../../ui/problem-note';
import { SelectField } from '../../ui/select-field';
import { showToast } from '../../ui/toasts';
import { criteriaOf, type ParkedEvent, type ParkedFilter } from './parked-queries';
import { RedrivePlan } from './redrive-plan';

interface RedriveDialogProps {
  readonly filter: ParkedFilter;
  readonly items: readonly ParkedEvent[];
  onClose(): void;
}

/** Redrives all parked events of a service that match the filter, after a dry run has counted them. */
export function RedriveDialog({ filter, items, onClose }: RedriveDialogProps) {
  const services = [...new Set(items.map(({ service }) => service))];
  const [service, setService] = useState(filter.service || (services[0] ?? ''));
  const queryClient = useQueryClient();
  const call = (isDryRun: boolean) =>
    answer(
      api.POST('/admin/v1/parked/{service}/redrive', {
        params: { path: { service }, query: { ...criteriaOf(filter), dryRun: isDryRun || undefined } },
      }),
    );
  const dryRun = useMutation({ mutationFn: () => call(true) });
  const redrive = useMutation({
    mutationFn: () => call(false),
    onSuccess: ({ redriven, failed, failure }) => {
      void queryClient.invalidateQueries({ queryKey: ['parked'] });
      if (failed === 0) showToast(`${plural(redriven, 'event')} redriven.`);
      if (failed === 0) onClose();
      else dryRun.reset();
      return failure;
    },
  });
  const criteria = Object.entries(criteriaOf(filter)).filter(([, value]) => value !== undefined);
  return (
    <Dialog title="Redrive parked events" onClose={onClose}>
      {services.length > 1 && filter.service === '' ? (
        <SelectField
          label="Parked by"
          value={service}
          options={services}
          onChange={(chosen) => {
            setService(chosen);
            dryRun.reset();
          }}
        />
      ) : (
        <p>
          Parked by <strong>{service}</strong>
        </p>
      )}
      <p className="quiet">
        {criteria.length === 0
          ? 'All of its parked events. To redrive fewer, filter the list first.'
          : `Only events with ${criteria.map(([name, value]) => `${name} ${value}`).join(', ')}.`}
      </p>
      {dryRun.data?.plan !== undefined && <RedrivePlan plan={dryRun.data.plan} />}
      {dryRun.isError && <ProblemNote error={dryRun.error} what="The dry run failed." />}
      {redrive.isError && <ProblemNote error={redrive.error} what="The redrive failed." />}
      {redrive.data !== undefined && redrive.data.failed > 0 && (
        <p role="alert">
          {plural(redrive.data.redriven, 'event')} redriven; {formatCount(redrive.data.failed)} failed and stay parked:{' '}
          {redrive.data.failure}
        </p>
      )}
      <div className="dialog-foot">
        <Button onClick={onClose}>Close</Button>
        <Button
          variant={dryRun.isSuccess ? undefined : 'primary'}
          disabled={dryRun.isPending}
          onClick={() => dryRun.mutate()}
        >
          {dryRun.isPending ? 'Running…' : 'Dry run'}
        </Button>
        {dryRun.isSuccess && (
          <Button variant="primary" disabled={redrive.isPending} onClick={() => redrive.mutate()}>
            {redrive.isPending ? 'Redriving…' : 'Redrive'}
          </Button>
        )}
      </div>
    </Dialog>
  );
}
