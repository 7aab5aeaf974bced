import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { answer, api } from '../../api/client';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { ProblemNote } from '../../ui/problem-note';
import { Segmented } from '../../ui/segmented';
import { TextField } from '../../ui/text-field';
import { showToast } from '../../ui/toasts';
import type { Run } from './reconcile-queries';
import { type RunTarget, RunTargetFields } from './run-target-fields';

type Kind = Run['kind'];

interface StartRunDialogProps {
  readonly given: Partial<RunTarget> & { readonly kind?: Kind };
  onStarted(run: Run): void;
  onClose(): void;
}

const MEANING: Readonly<Record<Kind, string>> = {
  audit: 'Compares the replica with the source and reports the differences. Changes nothing.',
  repair:
    'Compares, sends the entities that differ, deletes orphans, and compares again. Safe while changes are in flight.',
  backfill:
    'A repair for a replica that is empty or nearly so: ranges that are empty in the replica are sent as a whole.',
};

/** Starts an audit, a repair or a backfill. */
export function StartRunDialog({ given, onStarted, onClose }: StartRunDialogProps) {
  const [kind, setKind] = useState<Kind>(given.kind ?? 'audit');
  const [target, setTarget] = useState<RunTarget>({
    publisher: given.publisher ?? '',
    subscriber: given.subscriber ?? '',
    entityType: given.entityType ?? 'USER_PROFILE',
  });
  const [maxRowsPerSecond, setMaxRowsPerSecond] = useState('');
  const [verifyAfterMs, setVerifyAfterMs] = useState('');
  const queryClient = useQueryClient();
  const start = useMutation({
    mutationFn: () =>
      answer(
        api.POST('/admin/v1/reconcile', {
          body: {
            ...target,
            kind,
            ...(maxRowsPerSecond !== '' && { maxRowsPerSecond: Number(maxRowsPerSecond) }),
            ...(verifyAfterMs !== '' && { verifyAfterMs: Number(verifyAfterMs) }),
          },
        }),
      ),
    onSuccess: (run) => {
      showToast(`The ${kind} has started.`);
      void queryClient.invalidateQueries({ queryKey: ['runs'] });
      onClose();
      onStarted(run);
    },
  });
  return (
    <Dialog title="Start a run" onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          start.mutate();
        }}
      >
        <div className="stack-s">
          <Segmented<Kind>
            label="Kind of run"
            value={kind}
            onChange={setKind}
            options={[
              ['audit', 'Audit'],
              ['repair', 'Repair'],
              ['backfill', 'Backfill'],
            ]}
          />
          <p className="quiet">{MEANING[kind]}</p>
        </div>
        <RunTargetFields target={target} onChange={setTarget} />
        <details>
          <summary>Limits</summary>
          <div className="fields">
            <TextField
              label="Maximum entities per second"
              type="number"
              min={1}
              placeholder="2000"
              value={maxRowsPerSecond}
              onChange={setMaxRowsPerSecond}
            />
            <TextField
              label="Verify differences after (ms)"
              type="number"
              min={0}
              placeholder="5000"
              value={verifyAfterMs}
              onChange={setVerifyAfterMs}
            />
          </div>
        </details>
        {start.isError && <ProblemNote error={start.error} what="Could not start the run." />}
        <div className="dialog-foot">
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            variant="primary"
            disabled={start.isPending || target.publisher === '' || target.subscriber === ''}
          >
            {start.isPending ? 'Starting…' : `Start the ${kind}`}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
