import './trouble-list.css';
import { ChevronRight, CircleCheck, OctagonAlert, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { linkOf, type Trouble } from '../../live/troubles';
import { Button } from '../../ui/button';
import { formatMoment } from '../../ui/format';

const MAX_SHOWN = 4;

/** The current troubles, most severe first, each with a link to the page on which to act. */
export function TroubleList({ troubles }: { readonly troubles: readonly Trouble[] }) {
  const [showsAll, setShowsAll] = useState(false);
  if (troubles.length === 0) {
    return (
      <p className="all-well">
        <CircleCheck size={16} aria-hidden />
        All clear: every published event gets through.
      </p>
    );
  }
  const shown = showsAll ? troubles : troubles.slice(0, MAX_SHOWN);
  return (
    <section aria-label="Troubles" className="stack-s">
      <ul className="troubles">
        {shown.map((trouble) => {
          const { id, severity, title, detail, since } = trouble;
          const tone = severity === 'error' ? 'bad' : 'warn';
          const Icon = tone === 'bad' ? OctagonAlert : TriangleAlert;
          return (
            <li key={id} className="trouble-place">
              <Link className={`trouble trouble-${tone}`} to={linkOf(trouble)}>
                <Icon size={16} aria-hidden />
                <div>
                  <strong>{title}</strong>
                  <p>
                    {since !== undefined && <>Since {formatMoment(since)}. </>}
                    {detail}
                  </p>
                </div>
                <ChevronRight size={15} aria-hidden />
              </Link>
            </li>
          );
        })}
      </ul>
      {troubles.length > MAX_SHOWN && (
        <div>
          <Button small variant="bare" onClick={() => setShowsAll(!showsAll)}>
            {showsAll ? 'Show fewer' : `Show ${troubles.length - MAX_SHOWN} more`}
          </Button>
        </div>
      )}
    </section>
  );
}
