import './json-view.css';

interface JsonViewProps {
  readonly label: string;
  readonly value: unknown;
}

/** A value as JSON; a string is shown unchanged. */
export function JsonView({ label, value }: JsonViewProps) {
  return (
    <section className="json" aria-label={label}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable element must be reachable with the keyboard. */}
      <pre tabIndex={0}>{typeof value === 'string' ? value : JSON.stringify(value, null, 2)}</pre>
    </section>
  );
}
