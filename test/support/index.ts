export { type FreshDatabase, freshDatabase } from './fresh-database';
export { type FreshVhost, freshVhost, management } from './fresh-vhost';
export { type FreshZooKeeperRoot, freshZooKeeperRoot } from './fresh-zookeeper-root';
export { type Answer, request } from './http';
export { logFolder } from './log-folder';
export { scrape } from './metrics';
export { type RunningApps, startApps } from './running-apps';
export { TcpProxy } from './tcp-proxy';
export { waitFor } from './wait-for';
