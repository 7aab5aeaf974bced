import './card.css';
import { type ReactNode, useId } from 'react';

interface CardProps {
  readonly title: string;
  /** One line under the title: what the card shows. */
  readonly note?: ReactNode;
  /** Shown to the right of the title. */
  readonly actions?: ReactNode;
  /** Without padding, for tables. */
  readonly flush?: boolean;
  readonly children: ReactNode;
}

/** A section of a page, with a heading. */
export function Card({ title, note, actions, flush, children }: CardProps) {
  const id = useId();
  return (
    <section className="card" aria-labelledby={id}>
      <div className="card-head">
        <div>
          <h2 id={id}>{title}</h2>
          {note !== undefined && <p>{note}</p>}
        </div>
        {actions !== undefined && <div className="row">{actions}</div>}
      </div>
      <div className={flush ? undefined : 'card-body'}>{children}</div>
    </section>
  );
}
