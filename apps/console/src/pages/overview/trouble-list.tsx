import './trouble-list.css';
import { ChevronRight, CircleCheck, OctagonAlert, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'react-router';
import type { Trouble } from '../../live/troubles';
import { Button } from '../../ui/button';

const MOST_SHOWN = 4;

/** What is wrong now, gravest first; each leads to where something can be done about it. */
export function TroubleList({ troubles }: { readonly troubles: readonly Trouble[] }) {
  const [showsAll, setShowsAll] = useState(false);
  if (troubles.length === 0) {
    return (
      <p className="all-well">
        <CircleCheck size={16} aria-hidden />
        Nothing is wrong: everything that is published gets through.
      </p>
    );
  }
  const shown = showsAll ? troubles : troubles.slice(0, MOST_SHOWN);
  return (
    <section aria-label="Troubles" className="stack-s">
      <ul className="troubles">
        {shown.map(({ id, tone, title, detail, to }) => {
          const Icon = tone === 'bad' ? OctagonAlert : TriangleAlert;
          return (
            <li key={id} className="trouble-place">
              <Link className={`trouble trouble-${tone}`} to={to}>
                <Icon size={16} aria-hidden />
                <div>
                  <strong>{title}</strong>
                  <p>{detail}</p>
                </div>
                <ChevronRight size={15} aria-hidden />
              </Link>
            </li>
          );
        })}
      </ul>
      {troubles.length > MOST_SHOWN && (
        <div>
          <Button small look="bare" onClick={() => setShowsAll(!showsAll)}>
            {showsAll ? 'Show fewer' : `${troubles.length - MOST_SHOWN} more`}
          </Button>
        </div>
      )}
    </section>
  );
}
