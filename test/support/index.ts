export { logFolder } from './apps/log-folder';
export { type RunningApps, startApps } from './apps/running-apps';
export { type Answer, request } from './http/http';
export { TcpProxy } from './network/tcp-proxy';
export { scrape } from './observation/metrics';
export { type FreshDatabase, freshDatabase } from './servers/fresh-database';
export { type FreshVhost, freshVhost, management } from './servers/fresh-vhost';
export { type FreshZooKeeperRoot, freshZooKeeperRoot } from './servers/fresh-zookeeper-root';
export { waitFor } from './waiting/wait-for';
