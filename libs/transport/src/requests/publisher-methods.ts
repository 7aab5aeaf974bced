import { IsBoolean, IsNumber, IsObject, IsOptional, IsString } from 'class-validator';
import { Nullable, VersionText } from './checks';
import { SourceEntityKey } from './entity-key.dto';
import { listOf, one, RequestMethod } from './request-method';

/** Params of a method without parameters. */
export class NoParams {}

/** The state of an entity at its publisher. */
export class SourceEntity {
  /** The version of its last change, a decimal number; null: it was never published. */
  @Nullable()
  @VersionText()
  readonly version!: string | null;

  @IsBoolean()
  readonly deleted!: boolean;

  /** ms since 1970. */
  @Nullable()
  @IsNumber()
  readonly changedAtMs!: number | null;

  /** The versions that wait in the outbox, decimal numbers. */
  @VersionText({ each: true })
  readonly unpublished!: readonly string[];
}

/** The schema of one entity type, as its codec describes it. */
export class PublishedSchema {
  @IsString()
  readonly entityType!: string;

  /** The entity's struct in the IDL. */
  @IsString()
  readonly struct!: string;

  /** Text of the IDL file. */
  @IsString()
  readonly idl!: string;

  /** Texts of the included IDL files, by the names used to include them. */
  @IsOptional()
  @IsObject()
  readonly includes?: Readonly<Record<string, string>> | undefined;
}

export const PublisherMethods = {
  entity: new RequestMethod('publisher', 'publisher.entity', SourceEntityKey, one(SourceEntity)),
  schemas: new RequestMethod('publisher', 'publisher.schemas', NoParams, listOf(PublishedSchema)),
};
