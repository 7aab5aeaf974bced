import { useDraft } from '../../ui/use-draft';
import { ServiceNames } from './service-names';

interface ServiceSearchProps {
  readonly names: readonly string[];
  readonly value: string;
  onChange(value: string): void;
}

/** Search field for part of a service name, with suggestions. */
export function ServiceSearch({ names, value, onChange }: ServiceSearchProps) {
  const [draft, type] = useDraft(value, onChange);
  return (
    <>
      <input
        className="input"
        type="search"
        aria-label="Find a service"
        placeholder="Find a service"
        list="services"
        value={draft}
        onChange={({ target }) => type(target.value)}
      />
      <ServiceNames id="services" names={names.join(' ')} />
    </>
  );
}
