import { ACL, Id, Permission } from 'node-zookeeper-client';

/** How nodes are protected. */
export interface NodeProtection {
  /** `user:password`, by which managers show ZooKeeper that they are managers (scheme `digest`). */
  readonly credentials: string;
  /**
   * `closed`: only who has these credentials may change a node of ours. `open`: everybody may, as before: for the time in which
   * not every manager has the credentials yet.
   */
  readonly nodes: 'closed' | 'open';
}

const EVERYBODY = new Id('world', 'anyone');

/** Everybody may read: a Java manager routes by our map, and what stands in it are services' names. */
const CLOSED = [new ACL(Permission.ALL, new Id('auth', '')), new ACL(Permission.READ, EVERYBODY)];
const OPEN = [new ACL(Permission.ALL, EVERYBODY)];

export function rightsOf(protection: NodeProtection | undefined): ACL[] {
  return protection?.nodes === 'closed' ? CLOSED : OPEN;
}

/** Everybody may do something else than read. */
export function isOpen(acls: readonly ACL[]): boolean {
  return acls.some((acl) => acl.id.scheme === 'world' && permissionOf(acl) !== Permission.READ);
}

/** The library's types call it by another name than the library does. */
function permissionOf(acl: ACL): number {
  return (acl as unknown as { permission: number }).permission;
}
