import { formatCompact, formatRate } from '../../../ui/format';
import type { CardData } from './graph';

const TONES = { ready: 'ok', unready: 'warn', gone: 'bad' } as const;

/** Host and process id, without the suffix that is unique to each start. */
function nameOf(id: string): string {
  return id.replace(/-[^-]*$/, '');
}

interface ManagersCardProps {
  readonly data: Extract<CardData, { kind: 'managers' }>;
  onOpen(): void;
}

/** The event managers with their rates, one per row, and the backlog of the intake queue. */
export function ManagersCard({ data: { managers, intake, tone }, onOpen }: ManagersCardProps) {
  return (
    <article className={`node node-${tone} node-managers`} aria-label="Event managers">
      <button type="button" className="node-head" onClick={onOpen}>
        <i className={`dot dot-${tone}`} aria-hidden />
        <strong>event manager</strong>
        <span className="pill pill-idle">{managers.filter(({ state }) => state !== 'gone').length}</span>
      </button>
      {managers.map(({ id, state, receivedPerS, forwardedPerS }) => (
        <div className="node-row" key={id}>
          <i className={`dot dot-${TONES[state]}`} aria-hidden />
          <span className="mono" title={id}>
            {nameOf(id)}
          </span>
          <small className={`tone-${TONES[state]}`}>
            {state === 'ready' ? `${formatRate(receivedPerS)} → ${formatRate(forwardedPerS)}/s` : state}
          </small>
        </div>
      ))}
      {intake !== undefined && (
        <div className="node-row">
          <i />
          <span className="muted">intake queue</span>
          <small className={intake.consumers === 0 ? 'tone-bad' : 'tone-ok'}>
            {formatCompact(intake.events)} waiting
          </small>
        </div>
      )}
    </article>
  );
}
