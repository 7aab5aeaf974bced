import { Field } from './field';

interface SelectFieldProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly (NoInfer<Value> | readonly [value: NoInfer<Value>, label: string])[];
  readonly hint?: string;
  onChange(value: NoInfer<Value>): void;
}

/** A labelled drop-down list. */
export function SelectField<Value extends string>({ label, value, options, hint, onChange }: SelectFieldProps<Value>) {
  return (
    <Field label={label} hint={hint}>
      {(ids) => (
        <select {...ids} className="input" value={value} onChange={(event) => onChange(event.target.value as Value)}>
          {options.map((option) => {
            const [choice, text] = typeof option === 'string' ? [option, option] : option;
            return (
              <option key={choice} value={choice}>
                {text}
              </option>
            );
          })}
        </select>
      )}
    </Field>
  );
}
