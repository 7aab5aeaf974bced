import { Handle, Position } from '@xyflow/react';
import { type Edge, edgeKey } from '../../../live/apply-changes';
import { toneOfEdge } from '../../../live/severity';
import { formatCompact, formatRate, plural } from '../../../ui/format';
import { describeEdge } from './describe-edge';
import type { CardData } from './graph';

interface SubscriberCardProps {
  readonly data: Extract<CardData, { kind: 'subscriber' }>;
  onOpen(service: string): void;
  onOpenEdge(edge: Edge): void;
}

/** A service as a subscriber: its queue, and its subscriptions in rows or summed up in one line. */
export function SubscriberCard({ data, onOpen, onOpenEdge }: SubscriberCardProps) {
  const { service, edges, hasRows, tone } = data;
  const { name, health, queue, parked = 0 } = service;
  const waiting = queue?.events ?? 0;
  const rate = edges.reduce((sum, { inPerS }) => sum + inPerS, 0);
  return (
    <article className={`node node-${tone}`} aria-label={`Subscriber ${name}`}>
      <button type="button" className="node-head" onClick={() => onOpen(name)}>
        <i className={`dot dot-${tone}`} aria-hidden />
        <strong title={name}>{name}</strong>
        {health === 'gone' && <span className="pill pill-bad">gone</span>}
        {health === 'unready' && <span className="pill pill-warn">not ready</span>}
        {waiting > 0 && (
          <span
            className={`pill pill-${tone === 'bad' ? 'bad' : 'idle'}`}
            title={`${plural(waiting, 'event')} in its queue`}
          >
            {formatCompact(waiting)} <span className="hidden-visually">events </span>waiting
          </span>
        )}
        {parked > 0 && <span className="pill pill-warn">{formatCompact(parked)} parked</span>}
      </button>
      {hasRows ? (
        edges.map((edge) => {
          const edgeTone = toneOfEdge(edge);
          return (
            <div className="node-row-place" key={edgeKey(edge)}>
              <Handle type="target" position={Position.Left} id={edgeKey(edge)} isConnectable={false} />
              <button type="button" className="node-row" onClick={() => onOpenEdge(edge)}>
                <i className={`dot dot-${edgeTone}`} aria-hidden />
                <span title={edge.publisher}>
                  {edge.publisher}
                  <span className="hidden-visually"> to {name}: </span>
                </span>
                <small className={`tone-${edgeTone}`}>{describeEdge(edge)}</small>
              </button>
            </div>
          );
        })
      ) : (
        <p className="node-foot">
          {plural(edges.length, 'subscription')} · {formatRate(rate)}/s
        </p>
      )}
    </article>
  );
}
