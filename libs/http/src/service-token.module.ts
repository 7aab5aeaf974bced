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
  /** Left out: only what asks for the token by itself (`ServiceTokenGuard`) is closed. */
  readonly token?: string | undefined;
}

export interface ServiceTokenAsyncOptions {
  readonly inject?: FactoryProvider['inject'];
  // biome-ignore lint/suspicious/noExplicitAny: Nest hands in what `inject` names.
  readonly useFactory: (...injected: any[]) => ServiceTokenOptions;
}

/** With a token: stands before every route but those marked `@Open()`. */
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

/** One token for all of a service's HTTP API: for services that have no login of their own. */
@Module({})
export class ServiceTokenModule implements OnModuleInit {
  constructor(@Inject(SERVICE_TOKEN) private readonly token: string | undefined) {}

  onModuleInit(): void {
    if (this.token !== undefined) return;
    new Logger('Access').warn(
      'SERVICE_TOKEN is not set: whoever reaches this service may read and write its entities.',
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
