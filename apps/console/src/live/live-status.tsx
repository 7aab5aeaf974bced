import { useFeed } from './live-topology';

const WORDS = { connecting: 'Connecting…', live: 'Live', lost: 'Connection lost; trying again' } as const;

/** Whether what is shown is live. */
export function LiveStatus() {
  const { state } = useFeed();
  return (
    <p className={`live live-${state}`} role="status">
      <i aria-hidden />
      {WORDS[state]}
    </p>
  );
}
