import type { Card, CardData } from './graph';

interface Columns {
  readonly publishers: readonly CardData[];
  readonly managers: CardData;
  readonly subscribers: readonly CardData[];
}

const WIDTHS = { publisher: 216, managers: 208, subscriber: 216, group: 196 } as const;
/** The width of a subscriber card with a row per subscription. */
const ROWS_WIDTH = 316;
const GAP = 12;
const COLUMN_GAP = 76;
/** A taller column is split into several. */
const MAX_HEIGHT = 760;
const HEAD = 46;
const ROW = 28;
const FOOT = 8;

/** Publishers, event managers and subscribers from left to right, each in one or more columns, centred vertically. */
export function layOut({ publishers, managers, subscribers }: Columns): Card[] {
  const left = band(publishers, 0);
  const middle = band([managers], left.right + COLUMN_GAP);
  const right = band(subscribers, middle.right + COLUMN_GAP);
  return [...left.cards, ...middle.cards, ...right.cards];
}

function band(items: readonly CardData[], x: number): { cards: Card[]; right: number } {
  const width = Math.max(0, ...items.map(widthOf));
  const total = items.reduce((sum, item) => sum + heightOf(item) + GAP, 0);
  const columns = Math.max(1, Math.ceil(total / MAX_HEIGHT));
  const targetHeight = total / columns;
  const cards: Card[] = [];
  let column: Card[] = [];
  let height = 0;
  let left = x;
  const close = () => {
    // Centres the column on y = 0.
    cards.push(...column.map((card) => ({ ...card, y: Math.round(card.y - (height - GAP) / 2) })));
    column = [];
    height = 0;
  };
  for (const data of items) {
    if (height > 0 && height + heightOf(data) / 2 > targetHeight && columns > 1) {
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
