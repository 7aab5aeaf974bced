import { gatewayCodec } from '@dbem/entity-codec';
import { cursorOf, type Page, type PageQuery, toPage } from '@dbem/http';
import { ChangePublisher, created, deleted, queryableOf, updated } from '@dbem/outbox';
import { isUniqueViolation } from '@dbem/postgres';
import { ConflictException, Injectable, NotFoundException } from '@nestjs/common';
import { Kysely } from 'kysely';
import { detailColumns, gatewayOf, type TenantRow, type TenantTables, tenantDtoOf } from './tenant.columns';
import type { CreateTenantDto, TenantDetailsDto, TenantDto } from './tenant.dto';

/** Tenants. Each write publishes its change in the same transaction: row first, then change. */
@Injectable()
export class TenantsService {
  constructor(
    private readonly db: Kysely<TenantTables>,
    private readonly changes: ChangePublisher,
  ) {}

  async list({ limit, after }: PageQuery): Promise<Page<TenantDto>> {
    const [last] = cursorOf(after, 1) ?? [];
    const rows = await this.db
      .selectFrom('tenant')
      .selectAll()
      .$if(last !== undefined, (query) => query.where('gateway_id', '>', last as string))
      .orderBy('gateway_id')
      .limit(limit + 1)
      .execute();
    return toPage(rows, limit, (row) => [row.gateway_id], tenantDtoOf);
  }

  async get(gatewayId: string): Promise<TenantDto> {
    const row = await this.db.selectFrom('tenant').selectAll().where('gateway_id', '=', gatewayId).executeTakeFirst();
    return tenantDtoOf(row ?? unknownTenant(gatewayId));
  }

  async create({ gatewayId, ...details }: CreateTenantDto): Promise<TenantDto> {
    try {
      return await this.db.transaction().execute(async (transaction) => {
        const row = await transaction
          .insertInto('tenant')
          .values({ gateway_id: gatewayId, requested_ms: String(Date.now()), ...detailColumns(details) })
          .returningAll()
          .executeTakeFirstOrThrow();
        await this.changes.publish(queryableOf(transaction), created(gatewayCodec, gatewayOf(row)));
        return tenantDtoOf(row);
      });
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      throw new ConflictException(`The tenant "${gatewayId}" already exists.`);
    }
  }

  async replace(gatewayId: string, details: TenantDetailsDto): Promise<TenantDto> {
    return this.db.transaction().execute(async (transaction) => {
      const row = await transaction
        .updateTable('tenant')
        .set(detailColumns(details))
        .where('gateway_id', '=', gatewayId)
        .returningAll()
        .executeTakeFirst();
      const present = row ?? unknownTenant(gatewayId);
      await this.changes.publish(queryableOf(transaction), updated(gatewayCodec, gatewayOf(present)));
      return tenantDtoOf(present);
    });
  }

  async delete(gatewayId: string): Promise<void> {
    await this.db.transaction().execute(async (transaction) => {
      const row = await transaction
        .deleteFrom('tenant')
        .where('gateway_id', '=', gatewayId)
        .returningAll()
        .executeTakeFirst();
      const last = row ?? unknownTenant(gatewayId);
      await this.changes.publish(queryableOf(transaction), deleted(gatewayCodec, gatewayOf(last)));
    });
  }
}

function unknownTenant(gatewayId: string): TenantRow {
  throw new NotFoundException(`There is no tenant "${gatewayId}".`);
}
