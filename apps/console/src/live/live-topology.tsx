import { createContext, type ReactNode, useContext, useEffect, useState, useSyncExternalStore } from 'react';
import { type Feed, TopologyFeed } from './topology-feed';

const FeedContext = createContext<TopologyFeed | undefined>(undefined);

/** Follows the topology while mounted; all pages share one connection. */
export function LiveTopology({ token, children }: { readonly token: string; readonly children: ReactNode }) {
  const [feed] = useState(() => new TopologyFeed(token));
  useEffect(() => {
    feed.start();
    return () => feed.stop();
  }, [feed]);
  return <FeedContext value={feed}>{children}</FeedContext>;
}

/** The latest topology, and whether it is live. */
export function useFeed(): Feed {
  const feed = useContext(FeedContext);
  if (feed === undefined) throw new Error('useFeed must be used inside LiveTopology');
  return useSyncExternalStore(feed.subscribe, feed.get);
}
