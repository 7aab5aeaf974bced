import { outboxMigrations } from '@dbem/outbox';
import type { Migrations } from '@dbem/postgres';
import { replicaMigrations } from '@dbem/replica';
import { sql } from 'kysely';

/** Gateways and users are replicated from another service in any order, so no foreign key refers to them. */
export const registryMigrations: Migrations = {
  ...outboxMigrations,
  ...replicaMigrations,
  '1001_registry': {
    async up(db) {
      await sql`CREATE TABLE gateway (
        gateway_id text PRIMARY KEY,
        name text NOT NULL,
        domain text,
        email_address text,
        approval_status text NOT NULL
      )`.execute(db);
      await sql`CREATE TABLE registry_user (
        gateway_id text NOT NULL,
        user_id text NOT NULL,
        first_name text NOT NULL,
        last_name text NOT NULL,
        email text,
        PRIMARY KEY (gateway_id, user_id)
      )`.execute(db);
      await sql`CREATE TABLE project (
        project_id text PRIMARY KEY,
        gateway_id text NOT NULL,
        owner text NOT NULL,
        name text NOT NULL,
        description text,
        created_ms bigint NOT NULL
      )`.execute(db);
      await sql`CREATE INDEX project_owner ON project (gateway_id, owner)`.execute(db);
    },
  },
  '1002_registry_reconcile': {
    async up(db) {
      await sql`CREATE INDEX registry_user_entity ON registry_user (((user_id || '@' || gateway_id) COLLATE "C"))`.execute(
        db,
      );
      await sql`CREATE INDEX gateway_entity ON gateway (gateway_id COLLATE "C")`.execute(db);
      await sql`CREATE INDEX project_entity ON project (project_id COLLATE "C")`.execute(db);
    },
  },
};
