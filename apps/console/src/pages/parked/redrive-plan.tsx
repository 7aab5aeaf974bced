import './redrive-plan.css';
import { formatCount } from '../../ui/format';

/** The result of a dry run: the number of events by relevance. */
export function RedrivePlan({ plan }: { readonly plan: Readonly<Record<string, number>> }) {
  const { relevant = 0, stale = 0, unknown = 0 } = plan;
  return (
    <section className="stack-s" aria-label="Result of the dry run">
      <dl className="plan number">
        <div>
          <dt className="muted">Relevant</dt>
          <dd>{formatCount(relevant)}</dd>
        </div>
        <div>
          <dt className="muted">Stale</dt>
          <dd>{formatCount(stale)}</dd>
        </div>
        <div>
          <dt className="muted">Unknown</dt>
          <dd>{formatCount(unknown)}</dd>
        </div>
      </dl>
      <p className="muted">
        Stale events are redriven, too, but change nothing: the replica already has their state or a newer one. Events
        that fail again are parked again.
      </p>
    </section>
  );
}
