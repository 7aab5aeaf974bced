/** The path of the entity page for one entity. */
export function entityPath(publisher: string, entityType: string, entityId: string): string {
  return `/entity?${new URLSearchParams({ publisher, type: entityType, id: entityId })}`;
}
