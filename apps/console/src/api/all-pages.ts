interface Page<Item> {
  readonly items: readonly Item[];
  readonly next?: string;
}

/** All items of a list that comes in pages, up to `most` (default 5,000). */
export async function allPages<Item>(
  page: (after: string | undefined) => Promise<Page<Item>>,
  most = 5_000,
): Promise<Item[]> {
  const items: Item[] = [];
  let after: string | undefined;
  do {
    const { items: some, next } = await page(after);
    items.push(...some);
    after = next;
  } while (after !== undefined && items.length < most);
  return items;
}
