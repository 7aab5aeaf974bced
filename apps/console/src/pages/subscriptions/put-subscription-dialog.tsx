import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { answer, api } from '../../api/client';
import { ENTITY_TYPES, type EntityType } from '../../api/entity-types';
import { useFeed } from '../../live/live-topology';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { ProblemNote } from '../../ui/problem-note';
import { TextField } from '../../ui/text-field';
import { publishTransient } from '../../ui/toasts';
import type { Subscription } from './subscription-queries';

interface PutSubscriptionDialogProps {
  /** The one to narrow; undefined: a new one. */
  readonly present?: Subscription;
  onClose(): void;
}

/** Adds a subscription, or narrows one that is there. */
export function PutSubscriptionDialog({ present, onClose }: PutSubscriptionDialogProps) {
  const [publisher, setPublisher] = useState(present?.publisher ?? '');
  const [subscriber, setSubscriber] = useState(present?.subscriber ?? '');
  const [types, setTypes] = useState<readonly EntityType[]>(present?.entityTypes ?? []);
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
      publishTransient(`Every event manager routes ${publisher} to ${subscriber} now.`);
      void queryClient.invalidateQueries({ queryKey: ['subscriptions'] });
      onClose();
    },
  });
  return (
    <Dialog
      title={present === undefined ? 'Add a subscription' : 'Narrow the subscription'}
      note={present === undefined ? undefined : `${publisher} → ${subscriber}`}
      onClose={onClose}
    >
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          put.mutate();
        }}
      >
        {present === undefined && (
          <div className="fields">
            <TextField
              label="Publisher"
              value={publisher}
              onChange={setPublisher}
              required
              list="known-publishers"
              hint="Whose events"
            />
            <TextField
              label="Subscriber"
              value={subscriber}
              onChange={setSubscriber}
              required
              list="known-services"
              hint="Who gets them"
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
              ? 'None chosen: all of them, also those that do not exist yet.'
              : 'Only changes of these. What the replica holds of others stays as it is.'}
          </p>
        </fieldset>
        {put.isError && <ProblemNote error={put.error} what="The map was not changed." />}
        <div className="dialog-foot">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" disabled={put.isPending || publisher === '' || subscriber === ''}>
            {put.isPending ? 'Agreeing…' : present === undefined ? 'Subscribe' : 'Narrow'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
