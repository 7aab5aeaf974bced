import { IsBoolean, IsNumber, IsObject, IsOptional, IsString } from 'class-validator';
import { Nullable, VersionText } from './checks';
import { SourceEntityKey } from './entity-key.dto';
import { listOf, one, RequestMethod } from './request-method';

/** What is asked for is said by the method alone. */
export class NoParams {}

/** The state of an entity at its publisher. */
export class SourceEntity {
  /** Of its last change, a decimal number; null: it has not been published. */
  @Nullable()
  @VersionText()
  readonly version!: string | null;

  @IsBoolean()
  readonly deleted!: boolean;

  /** ms since 1970. */
  @Nullable()
  @IsNumber()
  readonly changedAtMs!: number | null;

  /** The versions that wait in the outbox. */
  @VersionText({ each: true })
  readonly unpublished!: readonly string[];
}

/** What the entities of one type are made of, as far as their codec says. */
export class PublishedSchema {
  @IsString()
  readonly entityType!: string;

  /** The entity's struct in the IDL. */
  @IsString()
  readonly struct!: string;

  /** An IDL file's text. */
  @IsString()
  readonly idl!: string;

  /** Those of the files that it includes, by the names by which they are included. */
  @IsOptional()
  @IsObject()
  readonly includes?: Readonly<Record<string, string>> | undefined;
}

export const PublisherMethods = {
  entity: new RequestMethod('publisher', 'publisher.entity', SourceEntityKey, one(SourceEntity)),
  schemas: new RequestMethod('publisher', 'publisher.schemas', NoParams, listOf(PublishedSchema)),
};
