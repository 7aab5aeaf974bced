import { cursorOf, type Page, type PageQuery, toPage } from '@dbem/http';
import { Injectable } from '@nestjs/common';
import { Kysely } from 'kysely';
import { type GatewayTables, gatewayDtoOf } from './gateway.columns';
import type { GatewayDto } from './gateway.dto';

@Injectable()
export class GatewaysRepository {
  constructor(private readonly db: Kysely<GatewayTables>) {}

  async list({ limit, after }: PageQuery): Promise<Page<GatewayDto>> {
    const [last] = cursorOf(after, 1) ?? [];
    const rows = await this.db
      .selectFrom('gateway')
      .selectAll()
      .$if(last !== undefined, (query) => query.where('gateway_id', '>', last as string))
      .orderBy('gateway_id')
      .limit(limit + 1)
      .execute();
    return toPage(rows, limit, (row) => [row.gateway_id], gatewayDtoOf);
  }

  async find(gatewayId: string): Promise<GatewayDto | undefined> {
    const row = await this.db.selectFrom('gateway').selectAll().where('gateway_id', '=', gatewayId).executeTakeFirst();
    return row && gatewayDtoOf(row);
  }
}
