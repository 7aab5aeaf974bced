import { outboxMigrations } from '@dbem/outbox';
import type { Migrations } from '@dbem/postgres';
import { replicaMigrations } from '@dbem/replica';
import { sql } from 'kysely';

/**
 * Users, domains and entities are replicated from other services in any order, so there are no foreign keys between
 * them: a user may arrive before its domain.
 */
export const sharingMigrations: Migrations = {
  ...outboxMigrations,
  ...replicaMigrations,
  '1001_sharing': {
    async up(db) {
      await sql`CREATE TABLE domain (
        domain_id text PRIMARY KEY,
        name text NOT NULL,
        description text
      )`.execute(db);
      await sql`CREATE TABLE entity_type (
        domain_id text NOT NULL,
        entity_type_id text NOT NULL,
        name text NOT NULL,
        PRIMARY KEY (domain_id, entity_type_id)
      )`.execute(db);
      await sql`CREATE TABLE permission_type (
        domain_id text NOT NULL,
        permission_type_id text NOT NULL,
        name text NOT NULL,
        PRIMARY KEY (domain_id, permission_type_id)
      )`.execute(db);
      await sql`CREATE TABLE sharing_user (
        domain_id text NOT NULL,
        user_id text NOT NULL,
        first_name text NOT NULL,
        last_name text NOT NULL,
        email text,
        PRIMARY KEY (domain_id, user_id)
      )`.execute(db);
      await sql`CREATE TABLE sharing_group (
        domain_id text NOT NULL,
        group_id text NOT NULL,
        name text NOT NULL,
        description text,
        owner_id text NOT NULL,
        members text[] NOT NULL,
        admins text[] NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (domain_id, group_id),
        UNIQUE (domain_id, name)
      )`.execute(db);
      await sql`CREATE TABLE entity (
        domain_id text NOT NULL,
        entity_id text NOT NULL,
        entity_type_id text NOT NULL,
        owner_id text NOT NULL,
        name text NOT NULL,
        description text,
        PRIMARY KEY (domain_id, entity_id)
      )`.execute(db);
    },
  },
  '1002_sharing_reconcile': {
    async up(db) {
      await sql`CREATE INDEX sharing_user_entity ON sharing_user (user_id COLLATE "C")`.execute(db);
      await sql`CREATE INDEX domain_entity ON domain (domain_id COLLATE "C")`.execute(db);
      await sql`CREATE INDEX entity_project ON entity (entity_id COLLATE "C") WHERE entity_type_id = domain_id || ':PROJECT'`.execute(
        db,
      );
      await sql`CREATE INDEX sharing_group_entity ON sharing_group (group_id COLLATE "C")`.execute(db);
    },
  },
};
