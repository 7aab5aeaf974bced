import { ACL, Id, Permission } from 'node-zookeeper-client';

/** Access protection of our nodes. */
export interface NodeProtection {
  /** `user:password` with which managers authenticate to ZooKeeper (scheme `digest`). */
  readonly credentials: string;
  /**
   * `closed`: only clients with these credentials may change our nodes. `open`: anyone may, until every manager has the
   * credentials.
   */
  readonly nodes: 'closed' | 'open';
}

const ANYONE = new Id('world', 'anyone');

/** Anyone may read: a Java manager routes by our map, which contains only service names. */
const CLOSED = [new ACL(Permission.ALL, new Id('auth', '')), new ACL(Permission.READ, ANYONE)];
const OPEN = [new ACL(Permission.ALL, ANYONE)];

export function rightsOf(protection: NodeProtection | undefined): ACL[] {
  return protection?.nodes === 'closed' ? CLOSED : OPEN;
}

/** Whether anyone may do more than read. */
export function isOpen(acls: readonly ACL[]): boolean {
  return acls.some((acl) => acl.id.scheme === 'world' && permissionOf(acl) !== Permission.READ);
}

/** The library's types declare the property under another name. */
function permissionOf(acl: ACL): number {
  return (acl as unknown as { permission: number }).permission;
}
