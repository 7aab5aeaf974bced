import './segmented.css';
import { type ReactNode, useId } from 'react';

interface SegmentedProps<Value extends string> {
  /** What is chosen, for who can't see it. */
  readonly label: string;
  readonly value: Value;
  readonly options: readonly (readonly [value: NoInfer<Value>, label: ReactNode])[];
  onChange(value: NoInfer<Value>): void;
}

/** A choice of one among few, all in sight. */
export function Segmented<Value extends string>({ label, value, options, onChange }: SegmentedProps<Value>) {
  const name = useId();
  return (
    <div className="segmented" role="radiogroup" aria-label={label}>
      {options.map(([option, text]) => (
        <label key={option}>
          <input
            type="radio"
            className="hidden-visually"
            name={name}
            checked={option === value}
            onChange={() => onChange(option)}
          />
          {text}
        </label>
      ))}
    </div>
  );
}
