import { BadRequestException, type Type } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type as TypeOf } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, Min } from 'class-validator';
import { NEXT } from './answers/answer-page';

export class PageQuery {
  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: 500,
    default: 50,
    description: 'Maximum number of items in the response.',
  })
  @IsOptional()
  @TypeOf(() => Number)
  @IsInt()
  @Min(1)
  @Max(500)
  limit = 50;

  @ApiPropertyOptional({ description: 'The `next` of the previous page. Default: the first page.' })
  @IsOptional()
  @IsString()
  after?: string;
}

export interface Page<Item> {
  readonly items: Item[];
  /** The `after` of the next page; absent on the last page. */
  readonly next?: string;
}

/** A page of a class's instances, for OpenAPI. */
export function pageOf<Item>(item: Type<Item>): Type<Page<Item>> {
  class PageDto {
    @ApiProperty({ type: [item] })
    items!: Item[];

    @ApiPropertyOptional({ description: NEXT })
    next?: string;
  }
  Object.defineProperty(PageDto, 'name', { value: `${item.name}Page` });
  return PageDto;
}

/**
 * Makes a page of rows that were queried with a limit of `limit + 1`, sorted by their keys.
 *
 * @param keysOf a row's sort keys; `cursorOf` returns those of the last row when the next page is requested.
 */
export function toPage<Row, Item>(
  rows: readonly Row[],
  limit: number,
  keysOf: (row: Row) => readonly string[],
  itemOf: (row: Row) => Item,
): Page<Item> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(itemOf),
    ...(rows.length > limit && last !== undefined && { next: encodeCursor(keysOf(last)) }),
  };
}

function encodeCursor(keys: readonly string[]): string {
  return Buffer.from(JSON.stringify(keys)).toString('base64url');
}

/** The `count` keys in a cursor; undefined without a cursor. @throws BadRequestException if the cursor is invalid */
export function cursorOf(after: string | undefined, count: number): string[] | undefined {
  if (after === undefined) return undefined;
  try {
    const keys: unknown = JSON.parse(Buffer.from(after, 'base64url').toString('utf8'));
    if (Array.isArray(keys) && keys.length === count && keys.every((key) => typeof key === 'string')) return keys;
  } catch {
    // Not JSON: the same error as below.
  }
  throw new BadRequestException('`after` is not a valid cursor: use the `next` of the previous page.');
}
