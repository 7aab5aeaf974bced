import {
  applyDecorators,
  Controller,
  SetMetadata,
  UseFilters,
  UseInterceptors,
  UsePipes,
  ValidationPipe,
} from '@nestjs/common';
import { CHECK_OPTIONS, malformed } from '../requests/checked';
import { type IsTransient, RequestFailureFilter } from './request-failure.filter';
import { RequestTelemetryInterceptor } from './request-telemetry.interceptor';

/**
 * A controller whose `@MessagePattern` methods answer requests. Pipe, filter and interceptor are put on the class: global ones do
 * not hold for what `connectMicroservice` connects.
 *
 * @param isTransient whether what a method throws may succeed later.
 */
export function RequestController(isTransient: IsTransient): ClassDecorator {
  return applyDecorators(
    Controller(),
    // As @nestjs/swagger's @ApiExcludeController, without that package: nothing here is of the HTTP face.
    SetMetadata('swagger/apiExcludeController', [true]),
    UsePipes(new ValidationPipe({ ...CHECK_OPTIONS, transform: true, exceptionFactory: malformed })),
    UseFilters(new RequestFailureFilter(isTransient)),
    UseInterceptors(RequestTelemetryInterceptor),
  );
}
