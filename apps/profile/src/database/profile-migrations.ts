import { outboxMigrations } from '@dbem/outbox';
import type { Migrations } from '@dbem/postgres';
import { sql } from 'kysely';

/** A user's tenant need not exist, as in the Java original. */
export const profileMigrations: Migrations = {
  ...outboxMigrations,
  '1001_profile': {
    async up(db) {
      await sql`CREATE TABLE profile_user (
        user_id text NOT NULL,
        gateway_id text NOT NULL,
        first_name text NOT NULL,
        last_name text NOT NULL,
        emails text[] NOT NULL,
        middle_name text,
        name_prefix text,
        name_suffix text,
        orcid_id text,
        phones text[],
        country text,
        nationality text[],
        home_organization text,
        origination_affiliation text,
        state text NOT NULL,
        comments text,
        labeled_uri text[],
        gpg_key text,
        time_zone text,
        created_ms bigint NOT NULL,
        last_access_ms bigint NOT NULL,
        valid_until_ms bigint NOT NULL,
        PRIMARY KEY (gateway_id, user_id)
      )`.execute(db);
      await sql`CREATE TABLE tenant (
        gateway_id text PRIMARY KEY,
        approval_status text NOT NULL,
        gateway_name text,
        domain text,
        email_address text,
        acronym text,
        url text,
        public_abstract text,
        admin_first_name text,
        admin_last_name text,
        admin_email text,
        requester_username text,
        requested_ms bigint NOT NULL
      )`.execute(db);
    },
  },
  '1002_profile_reconcile': {
    async up(db) {
      await sql`CREATE INDEX profile_user_entity ON profile_user (((user_id || '@' || gateway_id) COLLATE "C"))`.execute(
        db,
      );
      await sql`CREATE INDEX tenant_entity ON tenant (gateway_id COLLATE "C")`.execute(db);
    },
  },
};
