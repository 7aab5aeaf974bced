import { useQueryClient } from '@tanstack/react-query';
import { RotateCcw, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { answer, api } from '../../api/client';
import { useMayChange } from '../../session/use-may-change';
import { Button } from '../../ui/button';
import { ConfirmDialog } from '../../ui/confirm-dialog';
import { Dialog } from '../../ui/dialog';
import { Facts } from '../../ui/facts';
import { formatBytes, plural } from '../../ui/format';
import { JsonView } from '../../ui/json-view';
import { Loaded } from '../../ui/loaded';
import { TimeAgo } from '../../ui/time-ago';
import { publishTransient } from '../../ui/toasts';
import { entityPath } from '../entity/entity-path';
import { DiscardDialog } from './discard-dialog';
import { useParkedEvent } from './parked-queries';
import { RelevanceBadge } from './relevance-badge';
import { relevanceMeaning } from './relevance-meaning';

interface ParkedDetailProps {
  readonly service: string;
  readonly id: string;
  onClose(): void;
}

/** One parked event from the inside: why, what it holds, what the replica holds; and what can be done. */
export function ParkedDetail({ service, id, onClose }: ParkedDetailProps) {
  const event = useParkedEvent(service, id);
  const mayChange = useMayChange();
  const queryClient = useQueryClient();
  const [act, setAct] = useState<'redrive' | 'discard'>();
  const done = (said: string) => {
    publishTransient(said);
    void queryClient.invalidateQueries({ queryKey: ['parked'], exact: false, refetchType: 'active' });
    onClose();
  };
  return (
    <Dialog side title={event.data?.entityId ?? 'Parked event'} note={`parked of ${service}`} onClose={onClose}>
      <Loaded query={event} what="This event could not be read.">
        {(parked) => (
          <>
            <Facts
              of={[
                ['Reason', <code key="code">{parked.reasonCode}</code>],
                ['What happened', parked.reason],
                ['Relevance', <RelevanceBadge key="relevance" relevance={parked.relevance} />],
                ['', relevanceMeaning(parked)],
                ['Publisher', parked.publisher],
                ['Entity', parked.entityType && <code>{parked.entityType}</code>],
                [
                  'Change',
                  parked.crudType &&
                    `${parked.crudType.toLowerCase()}${parked.version ? `, version ${parked.version}` : ''}`,
                ],
                [
                  'In the replica',
                  parked.replica && `version ${parked.replica.version}${parked.replica.deleted ? ', deleted' : ''}`,
                ],
                ['Tried', `${plural(parked.attempts, 'time')}; redriven ${plural(parked.redrives, 'time')}`],
                ['First failed', parked.firstFailedAt && <TimeAgo at={parked.firstFailedAt} />],
                ['Last failed', parked.lastFailedAt && <TimeAgo at={parked.lastFailedAt} />],
                ['Message', `${formatBytes(parked.bytes)}${parked.messageId ? `, id ${parked.messageId}` : ''}`],
              ]}
            />
            {parked.publisher !== undefined && parked.entityType !== undefined && parked.entityId !== undefined && (
              <p>
                <Link to={entityPath(parked.publisher, parked.entityType, parked.entityId)}>Where is this entity?</Link>
              </p>
            )}
            {parked.entity !== undefined && (
              <section className="stack-s">
                <h3>The entity, as the event has it</h3>
                <JsonView label="The entity" value={parked.entity} />
              </section>
            )}
            {parked.stack !== '' && (
              <section className="stack-s">
                <h3>Where it failed</h3>
                <JsonView label="Stack" value={parked.stack} />
              </section>
            )}
            {mayChange && (
              <div className="dialog-foot">
                <Button look="danger" onClick={() => setAct('discard')}>
                  <Trash2 size={15} aria-hidden />
                  Discard…
                </Button>
                <Button look="primary" onClick={() => setAct('redrive')}>
                  <RotateCcw size={15} aria-hidden />
                  Redrive…
                </Button>
              </div>
            )}
          </>
        )}
      </Loaded>
      {act === 'redrive' && (
        <ConfirmDialog
          title="Redrive this event?"
          act="Redrive"
          perform={() =>
            answer(api.POST('/admin/v1/parked/{service}/{id}/redrive', { params: { path: { service, id } } }))
          }
          onDone={() => done('Sent back to its queue. If it fails again, it will be parked again.')}
          onClose={() => setAct(undefined)}
        >
          <p>
            It goes back to the queue that it came from, with all its retries before it again. A stale one changes
            nothing: the version gate refuses it.
          </p>
        </ConfirmDialog>
      )}
      {act === 'discard' && (
        <DiscardDialog service={service} id={id} onDone={() => done('Discarded.')} onClose={() => setAct(undefined)} />
      )}
    </Dialog>
  );
}
