/**
 * Replaces each unchanged item by its previous object, so that React does not render it again. Compares three levels
 * deep; deeper objects count as equal only if they are identical.
 */
export function keepEqual<Item extends { readonly id: string }>(
  before: readonly Item[],
  items: readonly Item[],
): Item[] {
  const previous = new Map(before.map((item) => [item.id, item]));
  return items.map((item) => {
    const old = previous.get(item.id);
    return old !== undefined && isEqual(old, item, 3) ? old : item;
  });
}

function isEqual(one: unknown, other: unknown, levels: number): boolean {
  if (Object.is(one, other)) return true;
  if (levels === 0 || typeof one !== 'object' || typeof other !== 'object' || one === null || other === null)
    return false;
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) =>
      isEqual((one as Record<string, unknown>)[key], (other as Record<string, unknown>)[key], levels - 1),
    )
  );
}
