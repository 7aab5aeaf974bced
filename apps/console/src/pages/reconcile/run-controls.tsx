import { useMutation, useQueryClient } from '@tanstack/react-query';
import { answer, api } from '../../api/client';
import { useMayChange } from '../../session/use-may-change';
import { Button } from '../../ui/button';
import { ProblemNote } from '../../ui/problem-note';
import { isUnderWay, type Run } from './reconcile-queries';

/** Pause, resume and cancel, as far as the run's state and the user's role allow. */
export function RunControls({ run: { id, state } }: { readonly run: Run }) {
  const mayChange = useMayChange();
  const queryClient = useQueryClient();
  const params = { path: { id } };
  const refresh = () => queryClient.invalidateQueries({ queryKey: ['runs'] });
  const control = useMutation({
    mutationFn: (action: 'pause' | 'resume' | 'cancel') =>
      answer(
        action === 'pause'
          ? api.POST('/admin/v1/reconcile/{id}/pause', { params })
          : action === 'resume'
            ? api.POST('/admin/v1/reconcile/{id}/resume', { params })
            : api.POST('/admin/v1/reconcile/{id}/cancel', { params }),
      ),
    onSuccess: refresh,
    onError: refresh,
  });
  if (!mayChange || !isUnderWay({ state })) return null;
  return (
    <>
      {state === 'paused' ? (
        <Button small disabled={control.isPending} onClick={() => control.mutate('resume')}>
          Resume
        </Button>
      ) : (
        <Button small disabled={control.isPending} onClick={() => control.mutate('pause')}>
          Pause
        </Button>
      )}
      <Button small variant="danger" disabled={control.isPending} onClick={() => control.mutate('cancel')}>
        Cancel
      </Button>
      {control.isError && <ProblemNote error={control.error} what="The action failed." />}
    </>
  );
}
