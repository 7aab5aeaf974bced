import { memo } from 'react';

interface ServiceNamesProps {
  readonly id: string;
  /** With a space between: a text is the same as before if nothing has changed. */
  readonly names: string;
}

/** What the search field suggests. */
export const ServiceNames = memo(function ServiceNames({ id, names }: ServiceNamesProps) {
  return (
    <datalist id={id}>
      {names.split(' ').map((name) => (
        <option key={name} value={name} />
      ))}
    </datalist>
  );
});
