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
 * A controller whose `@MessagePattern` methods answer requests. Pipe, filter and interceptor are set on the class,
 * because global ones do not apply to microservices added by `connectMicroservice`.
 *
 * @param isTransient whether a method that threw this error may succeed later.
 */
export function RequestController(isTransient: IsTransient): ClassDecorator {
  return applyDecorators(
    Controller(),
    // Same as @ApiExcludeController of @nestjs/swagger, without depending on it: these methods are not part of the
    // HTTP API.
    SetMetadata('swagger/apiExcludeController', [true]),
    UsePipes(new ValidationPipe({ ...CHECK_OPTIONS, transform: true, exceptionFactory: malformed })),
    UseFilters(new RequestFailureFilter(isTransient)),
    UseInterceptors(RequestTelemetryInterceptor),
  );
}
