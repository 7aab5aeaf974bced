import { applyDecorators } from '@nestjs/common';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsObject, IsString, Matches, ValidateIf, ValidateNested } from 'class-validator';

type DtoClass = new () => object;

/** The value may be null but, unlike with `IsOptional`, must be present. */
export const Nullable = () => ValidateIf((_dto, value) => value !== null);

/** An object of this class. `ValidateNested` alone accepts null and missing values. */
export const Nested = (type: DtoClass) =>
  applyDecorators(
    IsObject(),
    ValidateNested(),
    Type(() => type),
  );

/** A list of objects of this class, none of them null. */
export const ListOf = (type: DtoClass, { max }: { readonly max?: number } = {}) =>
  applyDecorators(
    IsArray(),
    IsObject({ each: true }),
    ValidateNested({ each: true }),
    ...(max === undefined ? [] : [ArrayMaxSize(max)]),
    Type(() => type),
  );

export const Texts = () => applyDecorators(IsArray(), IsString({ each: true }));

/** A version on the wire: a decimal number as text. */
export const VersionText = ({ each = false } = {}) => Matches(/^\d+$/, { each });
