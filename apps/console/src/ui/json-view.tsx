import './json-view.css';

interface JsonViewProps {
  readonly label: string;
  readonly value: unknown;
}

/** A value as it is written in JSON; or a text as it is. */
export function JsonView({ label, value }: JsonViewProps) {
  return (
    <section className="json" aria-label={label}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable from the keyboard. */}
      <pre tabIndex={0}>{typeof value === 'string' ? value : JSON.stringify(value, null, 2)}</pre>
    </section>
  );
}
