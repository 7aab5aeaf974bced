import './problem-note.css';
import { CircleAlert } from 'lucide-react';
import { adviceFor } from '../api/advice';
import { Problem } from '../api/problem';
import { Button } from './button';

interface ProblemNoteProps {
  readonly error: unknown;
  /** What failed, for example "Could not save the subscription." */
  readonly what: string;
  readonly onRetry?: () => void;
}

/** An error with its problem details and advice on what to do. */
export function ProblemNote({ error, what, onRetry }: ProblemNoteProps) {
  const { details } = error instanceof Problem ? error : Problem.of(-1, { detail: String(error) });
  const { title, status, code, detail, errors = [] } = details;
  return (
    <div className="problem" role="alert">
      <CircleAlert size={16} aria-hidden />
      <div>
        <strong>{what}</strong>{' '}
        <span className="muted">{[status > 0 ? `${status} ${title}` : title, code].filter(Boolean).join(' · ')}</span>
        {detail !== undefined && <p>{detail}</p>}
        {errors.length > 0 && (
          <ul>
            {errors.map((one) => (
              <li key={one}>{one}</li>
            ))}
          </ul>
        )}
        <p>{adviceFor(details)}</p>
        {onRetry !== undefined && (
          <Button small onClick={onRetry}>
            Try again
          </Button>
        )}
      </div>
    </div>
  );
}
