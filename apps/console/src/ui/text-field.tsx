import type { InputHTMLAttributes } from 'react';
import { Field } from './field';
import { useDraft } from './use-draft';

interface TextFieldProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'onChange' | 'value'> {
  readonly label: string;
  readonly hint?: string;
  readonly value: string;
  onChange(value: string): void;
}

/** A labelled single-line text input. */
export function TextField({ label, hint, value, onChange, className, ...rest }: TextFieldProps) {
  const [draft, type] = useDraft(value, onChange);
  return (
    <Field label={label} hint={hint}>
      {(ids) => (
        <input
          autoComplete="off"
          spellCheck={false}
          {...rest}
          {...ids}
          className={`input ${className ?? ''}`}
          value={draft}
          onChange={(event) => type(event.target.value)}
        />
      )}
    </Field>
  );
}
