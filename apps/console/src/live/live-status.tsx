import { useFeed } from './live-topology';

const LABELS = { connecting: 'Connecting…', live: 'Live', lost: 'Connection lost, reconnecting…' } as const;

/** Whether the displayed data is live. */
export function LiveStatus() {
  const { state } = useFeed();
  return (
    <p className={`live live-${state}`} role="status">
      <i aria-hidden />
      {LABELS[state]}
    </p>
  );
}
