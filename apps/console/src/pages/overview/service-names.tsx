import { memo } from 'react';

interface ServiceNamesProps {
  readonly id: string;
  /** Separated by spaces: an unchanged string does not render again. */
  readonly names: string;
}

/** The suggestions of the search field. */
export const ServiceNames = memo(function ServiceNames({ id, names }: ServiceNamesProps) {
  return (
    <datalist id={id}>
      {names.split(' ').map((name) => (
        <option key={name} value={name} />
      ))}
    </datalist>
  );
});
