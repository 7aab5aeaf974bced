/** Address of "where is this entity?" for one. */
export function entityPath(publisher: string, entityType: string, entityId: string): string {
  return `/entity?${new URLSearchParams({ publisher, type: entityType, id: entityId })}`;
}
