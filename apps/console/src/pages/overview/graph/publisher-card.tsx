import { formatCompact, formatRate } from '../../../ui/format';
import type { CardData } from './graph';

interface PublisherCardProps {
  readonly data: Extract<CardData, { kind: 'publisher' }>;
  onOpen(service: string): void;
}

/** A service as a publisher: its rate and its unpublished changes. */
export function PublisherCard({ data: { service, ratePerS, tone }, onOpen }: PublisherCardProps) {
  const { name, health, outbox, instances } = service;
  const waiting = outbox?.depth ?? 0;
  return (
    <article className={`node node-${tone}`} aria-label={`Publisher ${name}`}>
      <button type="button" className="node-head" onClick={() => onOpen(name)}>
        <i className={`dot dot-${tone}`} aria-hidden />
        <strong title={name}>{name}</strong>
        {health === 'gone' && <span className="pill pill-bad">gone</span>}
        {health === 'unready' && <span className="pill pill-warn">not ready</span>}
      </button>
      <p className="node-foot">
        {formatRate(ratePerS)}/s
        {outbox !== undefined && (
          <>
            {' · outbox '}
            <span className={tone === 'bad' && waiting > 0 ? 'tone-bad' : undefined}>{formatCompact(waiting)}</span>
          </>
        )}
        {instances.length > 1 && ` · ${instances.length} instances`}
      </p>
    </article>
  );
}
