import { createContext, type ReactNode, useContext, useEffect, useState, useSyncExternalStore } from 'react';
import { type Feed, TopologyFeed } from './topology-feed';

const FeedContext = createContext<TopologyFeed | undefined>(undefined);

/** Follows the topology as long as it is mounted; one connection for all pages. */
export function LiveTopology({ token, children }: { readonly token: string; readonly children: ReactNode }) {
  const [feed] = useState(() => new TopologyFeed(token));
  useEffect(() => {
    feed.start();
    return () => feed.stop();
  }, [feed]);
  return <FeedContext value={feed}>{children}</FeedContext>;
}

/** The topology as it is now, and whether it is followed. */
export function useFeed(): Feed {
  const feed = useContext(FeedContext);
  if (feed === undefined) throw new Error('There is no LiveTopology around this');
  return useSyncExternalStore(feed.subscribe, feed.get);
}
