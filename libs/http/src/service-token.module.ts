import {
  type CanActivate,
  type DynamicModule,
  type ExecutionContext,
  type FactoryProvider,
  Inject,
  Injectable,
  Logger,
  Module,
  type OnModuleInit,
} from '@nestjs/common';
import { APP_GUARD, Reflector } from '@nestjs/core';
import { OPEN } from './open.decorator';
import { SERVICE_TOKEN, ServiceTokenGuard } from './service-token.guard';

export interface ServiceTokenOptions {
  /** Without a token only routes with their own `ServiceTokenGuard` are closed. */
  readonly token?: string | undefined;
}

export interface ServiceTokenAsyncOptions {
  readonly inject?: FactoryProvider['inject'];
  // biome-ignore lint/suspicious/noExplicitAny: Nest injects the values of `inject`.
  readonly useFactory: (...injected: any[]) => ServiceTokenOptions;
}

/** With a token: guards every route except those marked `@Open()`. */
@Injectable()
class EveryRouteGuard implements CanActivate {
  private readonly guard: ServiceTokenGuard;

  constructor(
    private readonly reflector: Reflector,
    @Inject(SERVICE_TOKEN) private readonly token: string | undefined,
  ) {
    this.guard = new ServiceTokenGuard(token);
  }

  canActivate(context: ExecutionContext): boolean {
    const isOpen = this.reflector.getAllAndOverride<boolean | undefined>(OPEN, [
      context.getHandler(),
      context.getClass(),
    ]);
    return isOpen === true || this.token === undefined || this.guard.canActivate(context);
  }
}

/** One token for a service's whole HTTP API, for services without their own authentication. */
@Module({})
export class ServiceTokenModule implements OnModuleInit {
  constructor(@Inject(SERVICE_TOKEN) private readonly token: string | undefined) {}

  onModuleInit(): void {
    if (this.token !== undefined) return;
    new Logger('Access').warn(
      'SERVICE_TOKEN is not set: anyone who can reach this service can read and write its entities',
    );
  }

  static forRoot(options: ServiceTokenOptions): DynamicModule {
    return ServiceTokenModule.forRootAsync({ useFactory: () => options });
  }

  static forRootAsync({ inject = [], useFactory }: ServiceTokenAsyncOptions): DynamicModule {
    return {
      module: ServiceTokenModule,
      global: true,
      providers: [
        { provide: SERVICE_TOKEN, inject, useFactory: (...injected) => useFactory(...injected).token },
        { provide: APP_GUARD, useClass: EveryRouteGuard },
      ],
      exports: [SERVICE_TOKEN],
    };
  }
}
