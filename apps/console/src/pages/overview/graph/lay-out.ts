import type { Card, CardData } from './graph';

interface Columns {
  readonly publishers: readonly CardData[];
  readonly managers: CardData;
  readonly subscribers: readonly CardData[];
}

const WIDTHS = { publisher: 216, managers: 208, subscriber: 216, group: 196 } as const;
/** Of a subscriber with a row for each subscription. */
const ROWS_WIDTH = 316;
const GAP = 12;
const COLUMN_GAP = 76;
/** A column that would be higher than this is broken into several. */
const MOST_HEIGHT = 760;
const HEAD = 46;
const ROW = 28;
const FOOT = 8;

/** Three columns, or bands of them, on one middle line: publishers, event managers, subscribers. */
export function layOut({ publishers, managers, subscribers }: Columns): Card[] {
  const left = band(publishers, 0);
  const middle = band([managers], left.right + COLUMN_GAP);
  const right = band(subscribers, middle.right + COLUMN_GAP);
  return [...left.cards, ...middle.cards, ...right.cards];
}

function band(items: readonly CardData[], x: number): { cards: Card[]; right: number } {
  const width = Math.max(0, ...items.map(widthOf));
  const total = items.reduce((sum, item) => sum + heightOf(item) + GAP, 0);
  const columns = Math.max(1, Math.ceil(total / MOST_HEIGHT));
  const wanted = total / columns;
  const cards: Card[] = [];
  let column: Card[] = [];
  let height = 0;
  let left = x;
  const close = () => {
    // Round the middle line, which is at 0.
    cards.push(...column.map((card) => ({ ...card, y: Math.round(card.y - (height - GAP) / 2) })));
    column = [];
    height = 0;
  };
  for (const data of items) {
    if (height > 0 && height + heightOf(data) / 2 > wanted && columns > 1) {
      close();
      left += width + GAP * 2;
    }
    column.push({ id: idOf(data), x: left, y: height, width, height: heightOf(data), data });
    height += heightOf(data) + GAP;
  }
  close();
  return { cards, right: left + width };
}

function idOf(data: CardData): string {
  if (data.kind === 'managers') return 'managers';
  if (data.kind === 'group') return `group ${data.side} ${data.name}`;
  return `${data.kind} ${data.service.name}`;
}

function widthOf(data: CardData): number {
  return data.kind === 'subscriber' && data.hasRows ? ROWS_WIDTH : WIDTHS[data.kind];
}

function heightOf(data: CardData): number {
  if (data.kind === 'managers') return HEAD + Math.max(data.managers.length, 1) * ROW + ROW + FOOT;
  if (data.kind === 'group') return HEAD;
  if (data.kind === 'subscriber' && data.hasRows) return HEAD + data.edges.length * ROW + FOOT;
  return HEAD + 24;
}
