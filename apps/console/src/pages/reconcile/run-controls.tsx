import { useMutation, useQueryClient } from '@tanstack/react-query';
import { answer, api } from '../../api/client';
import { useMayChange } from '../../session/use-may-change';
import { Button } from '../../ui/button';
import { ProblemNote } from '../../ui/problem-note';
import { isUnderWay, type Run } from './reconcile-queries';

/** Pause, resume and cancel, where that makes sense and is allowed. */
export function RunControls({ run: { id, state } }: { readonly run: Run }) {
  const mayChange = useMayChange();
  const queryClient = useQueryClient();
  const params = { path: { id } };
  const steer = useMutation({
    mutationFn: (act: 'pause' | 'resume' | 'cancel') =>
      answer(
        act === 'pause'
          ? api.POST('/admin/v1/reconcile/{id}/pause', { params })
          : act === 'resume'
            ? api.POST('/admin/v1/reconcile/{id}/resume', { params })
            : api.POST('/admin/v1/reconcile/{id}/cancel', { params }),
      ),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['runs'] }),
  });
  if (!mayChange || !isUnderWay({ state })) return null;
  return (
    <>
      {state === 'paused' ? (
        <Button small disabled={steer.isPending} onClick={() => steer.mutate('resume')}>
          Resume
        </Button>
      ) : (
        <Button small disabled={steer.isPending} onClick={() => steer.mutate('pause')}>
          Pause
        </Button>
      )}
      <Button small look="danger" disabled={steer.isPending} onClick={() => steer.mutate('cancel')}>
        Cancel
      </Button>
      {steer.isError && <ProblemNote error={steer.error} what="It was not done." />}
    </>
  );
}
