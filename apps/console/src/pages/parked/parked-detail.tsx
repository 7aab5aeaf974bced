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
import { formatBytes, formatCount, plural } from '../../ui/format';
import { JsonView } from '../../ui/json-view';
import { Loaded } from '../../ui/loaded';
import { TimeAgo } from '../../ui/time-ago';
import { showToast } from '../../ui/toasts';
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

/** One parked event: why it failed, its content, the version in the replica, and the actions on it. */
export function ParkedDetail({ service, id, onClose }: ParkedDetailProps) {
  const event = useParkedEvent(service, id);
  const mayChange = useMayChange();
  const queryClient = useQueryClient();
  const [dialog, setDialog] = useState<'redrive' | 'discard'>();
  const done = (message: string) => {
    showToast(message);
    void queryClient.invalidateQueries({ queryKey: ['parked'], exact: false, refetchType: 'active' });
    onClose();
  };
  return (
    <Dialog side title={event.data?.entityId ?? 'Parked event'} note={`parked by ${service}`} onClose={onClose}>
      <Loaded query={event} what="Could not load the event.">
        {(parked) => (
          <>
            <Facts
              of={[
                ['Reason', <code key="code">{parked.reasonCode}</code>],
                ['Error', parked.reason],
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
                ['Attempts', `${formatCount(parked.attempts)}, redriven ${plural(parked.redrives, 'time')}`],
                ['First failed', parked.firstFailedAt && <TimeAgo at={parked.firstFailedAt} />],
                ['Last failed', parked.lastFailedAt && <TimeAgo at={parked.lastFailedAt} />],
                ['Message', `${formatBytes(parked.bytes)}${parked.messageId ? `, ID ${parked.messageId}` : ''}`],
              ]}
            />
            {parked.publisher !== undefined && parked.entityType !== undefined && parked.entityId !== undefined && (
              <p>
                <Link to={entityPath(parked.publisher, parked.entityType, parked.entityId)}>Where is this entity?</Link>
              </p>
            )}
            {parked.entity !== undefined && (
              <section className="stack-s">
                <h3>Entity in the event</h3>
                <JsonView label="Entity" value={parked.entity} />
              </section>
            )}
            {parked.stack !== '' && (
              <section className="stack-s">
                <h3>Stack trace</h3>
                <JsonView label="Stack trace" value={parked.stack} />
              </section>
            )}
            {mayChange && (
              <div className="dialog-foot">
                <Button variant="danger" onClick={() => setDialog('discard')}>
                  <Trash2 size={15} aria-hidden />
                  Discard…
                </Button>
                <Button variant="primary" onClick={() => setDialog('redrive')}>
                  <RotateCcw size={15} aria-hidden />
                  Redrive…
                </Button>
              </div>
            )}
          </>
        )}
      </Loaded>
      {dialog === 'redrive' && (
        <ConfirmDialog
          title="Redrive this event?"
          action="Redrive"
          perform={() =>
            answer(api.POST('/admin/v1/parked/{service}/{id}/redrive', { params: { path: { service, id } } }))
          }
          onDone={() => done('Event redriven. If it fails again, it is parked again.')}
          onClose={() => setDialog(undefined)}
        >
          <p>
            It returns to its queue with all retries available again. If it is stale, the version gate skips it and
            nothing changes.
          </p>
        </ConfirmDialog>
      )}
      {dialog === 'discard' && (
        <DiscardDialog
          service={service}
          id={id}
          onDone={() => done('Event discarded.')}
          onClose={() => setDialog(undefined)}
        />
      )}
    </Dialog>
  );
}
