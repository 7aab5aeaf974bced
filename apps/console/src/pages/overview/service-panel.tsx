import { Focus } from 'lucide-react';
import { Link } from 'react-router';
import { type Edge, edgeKey, type ServiceNode } from '../../live/apply-changes';
import { toneOfEdge } from '../../live/severity';
import { Badge } from '../../ui/badge';
import { Button } from '../../ui/button';
import { Facts } from '../../ui/facts';
import { formatCount, formatDuration, formatRate, plural } from '../../ui/format';
import { InstanceBadge } from '../cluster/instance-badge';
import { describeEdge } from './graph/describe-edge';
import { PanelFrame } from './panel-frame';

const HEALTHS = {
  ready: ['ok', 'ready'],
  unready: ['warn', 'not ready'],
  gone: ['bad', 'gone'],
  unknown: ['idle', 'no reports'],
} as const;

interface ServicePanelProps {
  readonly service: ServiceNode;
  readonly edges: readonly Edge[];
  onOpenEdge(edge: Edge): void;
  onFocus(): void;
  onClose(): void;
}

/** One service: its health, queue and outbox, instances, subscriptions and subscribers. */
export function ServicePanel({ service, edges, onOpenEdge, onFocus, onClose }: ServicePanelProps) {
  const { name, health, instances, queue, parked, outbox } = service;
  const subscriptions = edges.filter(({ subscriber }) => subscriber === name);
  const subscribers = edges.filter(({ publisher }) => publisher === name);
  const [tone, word] = HEALTHS[health];
  return (
    <PanelFrame title={name} kind="Service" onClose={onClose}>
      <div className="row">
        <Badge tone={tone}>{word}</Badge>
        <Button small onClick={onFocus}>
          <Focus size={14} aria-hidden />
          Show only this service
        </Button>
        {parked !== undefined && parked > 0 && (
          <Link className="button button-small" to={`/parked?${new URLSearchParams({ service: name })}`}>
            {plural(parked, 'parked event')}
          </Link>
        )}
      </div>
      <Facts
        of={[
          ['Queue', queue && `${plural(queue.events, 'event')}, ${plural(queue.consumers, 'consumer')}`],
          ['Outbox', outbox && plural(outbox.depth, 'change')],
          ['Oldest change', outbox && outbox.depth > 0 ? formatDuration(outbox.oldestAgeMs) : undefined],
          ['Publishes', outbox && `${formatRate(outbox.publishedPerS)}/s`],
          ['Parked', parked === undefined ? undefined : formatCount(parked)],
        ]}
      />
      {instances.length > 0 && (
        <section className="stack-s">
          <h3>Instances</h3>
          <ul className="stack-s">
            {instances.map(({ id, state, software, reasons = [] }) => (
              <li key={id}>
                <div className="row row-spread">
                  <span>
                    <code>{id.slice(0, 12)}</code> <span className="muted">{software}</span>
                  </span>
                  <InstanceBadge state={state} />
                </div>
                {reasons.map((reason) => (
                  <p key={reason} className="muted">
                    {reason}
                  </p>
                ))}
              </li>
            ))}
          </ul>
        </section>
      )}
      <EdgeButtons
        title="Subscribes to"
        edges={subscriptions}
        nameOf={({ publisher }) => publisher}
        onOpen={onOpenEdge}
      />
      <EdgeButtons
        title="Subscribers"
        edges={subscribers}
        nameOf={({ subscriber }) => subscriber}
        onOpen={onOpenEdge}
      />
    </PanelFrame>
  );
}

interface EdgeButtonsProps {
  readonly title: string;
  readonly edges: readonly Edge[];
  nameOf(edge: Edge): string;
  onOpen(edge: Edge): void;
}

function EdgeButtons({ title, edges, nameOf, onOpen }: EdgeButtonsProps) {
  if (edges.length === 0) return null;
  return (
    <section className="stack-s">
      <h3>{title}</h3>
      <ul>
        {edges.map((edge) => (
          <li key={edgeKey(edge)}>
            <button type="button" className="edge-button" onClick={() => onOpen(edge)}>
              <i className={`dot dot-${toneOfEdge(edge)}`} aria-hidden />
              <span>{nameOf(edge)}</span>
              <small className={`tone-${toneOfEdge(edge)}`}>{describeEdge(edge)}</small>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
