import './progress.css';

interface ProgressProps {
  readonly label: string;
  readonly done: number;
  readonly of: number;
}

/** A progress bar. */
export function Progress({ label, done, of }: ProgressProps) {
  const percent = of === 0 ? 0 : Math.min(Math.round((done / of) * 100), 100);
  return (
    <div
      className="progress"
      role="progressbar"
      aria-label={label}
      aria-valuenow={percent}
      aria-valuemin={0}
      aria-valuemax={100}
    >
      <div style={{ width: `${percent}%` }} />
    </div>
  );
}
