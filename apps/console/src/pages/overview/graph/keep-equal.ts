/**
 * The items, each the same object as before if nothing of it has changed: what is the same object is not drawn again. Objects
 * inside are compared one level deep, and lists element by element.
 */
export function keepEqual<Item extends { readonly id: string }>(
  before: readonly Item[],
  items: readonly Item[],
): Item[] {
  const known = new Map(before.map((item) => [item.id, item]));
  return items.map((item) => {
    const old = known.get(item.id);
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
