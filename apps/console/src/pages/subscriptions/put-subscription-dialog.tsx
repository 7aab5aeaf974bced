import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { answer, api } from '../../api/client';
import { ENTITY_TYPES, type EntityType } from '../../api/entity-types';
import { useFeed } from '../../live/live-topology';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { ProblemNote } from '../../ui/problem-note';
import { TextField } from '../../ui/text-field';
import { showToast } from '../../ui/toasts';
import type { Subscription } from './subscription-queries';

interface PutSubscriptionDialogProps {
  /** The subscription to narrow; undefined: add a new one. */
  readonly existing?: Subscription;
  onClose(): void;
}

/** Adds a subscription, or narrows an existing one. */
export function PutSubscriptionDialog({ existing, onClose }: PutSubscriptionDialogProps) {
  const [publisher, setPublisher] = useState(existing?.publisher ?? '');
  const [subscriber, setSubscriber] = useState(existing?.subscriber ?? '');
  const [types, setTypes] = useState<readonly EntityType[]>(existing?.entityTypes ?? []);
  const services = useFeed().topology?.services ?? [];
  const queryClient = useQueryClient();
  const put = useMutation({
    mutationFn: () =>
      answer(
        api.PUT('/admin/v1/subscriptions/{publisher}/{subscriber}', {
          params: { path: { publisher, subscriber } },
          body: types.length === 0 ? {} : { entityTypes: [...types] },
        }),
      ),
    onSuccess: () => {
      showToast(`All event managers now route ${publisher} to ${subscriber}.`);
      void queryClient.invalidateQueries({ queryKey: ['subscriptions'] });
      onClose();
    },
  });
  return (
    <Dialog
      title={existing === undefined ? 'Add a subscription' : 'Narrow the subscription'}
      note={existing === undefined ? undefined : `${publisher} → ${subscriber}`}
      onClose={onClose}
    >
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          put.mutate();
        }}
      >
        {existing === undefined && (
          <div className="fields">
            <TextField
              label="Publisher"
              value={publisher}
              onChange={setPublisher}
              required
              list="known-publishers"
              hint="The service that publishes the events"
            />
            <TextField
              label="Subscriber"
              value={subscriber}
              onChange={setSubscriber}
              required
              list="known-services"
              hint="The service that receives them"
            />
            <datalist id="known-publishers">
              {services
                .filter(({ isPublisher }) => isPublisher)
                .map(({ name }) => (
                  <option key={name} value={name} />
                ))}
            </datalist>
            <datalist id="known-services">
              {services.map(({ name }) => (
                <option key={name} value={name} />
              ))}
            </datalist>
          </div>
        )}
        <fieldset className="plain-fieldset stack-s">
          <legend>Entity types</legend>
          <div className="choices">
            {ENTITY_TYPES.map((type) => (
              <label key={type}>
                <input
                  type="checkbox"
                  checked={types.includes(type)}
                  onChange={({ target }) =>
                    setTypes(target.checked ? [...types, type] : types.filter((other) => other !== type))
                  }
                />
                {type}
              </label>
            ))}
          </div>
          <p className="muted">
            {types.length === 0
              ? 'None selected: all types, including future ones.'
              : 'Only changes of these types are sent. Other entities in the replica stay as they are.'}
          </p>
        </fieldset>
        {put.isError && <ProblemNote error={put.error} what="Could not save the subscription." />}
        <div className="dialog-foot">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" disabled={put.isPending || publisher === '' || subscriber === ''}>
            {put.isPending ? 'Rolling out…' : existing === undefined ? 'Subscribe' : 'Narrow'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
