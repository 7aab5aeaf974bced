interface Page<Item> {
  readonly items: readonly Item[];
  readonly next?: string;
}

/** All items of a paginated list. Stops after the page that reaches `limit` items (default 5,000). */
export async function allPages<Item>(
  page: (after: string | undefined) => Promise<Page<Item>>,
  limit = 5_000,
): Promise<Item[]> {
  const items: Item[] = [];
  let after: string | undefined;
  do {
    const { items: pageItems, next } = await page(after);
    items.push(...pageItems);
    after = next;
  } while (after !== undefined && items.length < limit);
  return items;
}
