import './redrive-plan.css';
import { formatCount } from '../../ui/format';

/** What a redrive would do, by relevance. */
export function RedrivePlan({ plan }: { readonly plan: Readonly<Record<string, number>> }) {
  const { relevant = 0, stale = 0, unknown = 0 } = plan;
  return (
    <section className="stack-s" aria-label="Result of the dry run">
      <dl className="plan number">
        <div>
          <dt className="muted">Would be tried</dt>
          <dd>{formatCount(relevant)}</dd>
        </div>
        <div>
          <dt className="muted">Obsolete</dt>
          <dd>{formatCount(stale)}</dd>
        </div>
        <div>
          <dt className="muted">Unknown</dt>
          <dd>{formatCount(unknown)}</dd>
        </div>
      </dl>
      <p className="muted">
        Obsolete ones go back too, and change nothing: the replica holds a newer state. If what made the others fail is
        still there, they will be parked again.
      </p>
    </section>
  );
}
