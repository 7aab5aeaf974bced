import { Open } from '@dbem/http';
import { type HealthIndicators, Readiness, withProbeTimeout } from '@dbem/runtime';
import {
  Controller,
  type DynamicModule,
  type FactoryProvider,
  Get,
  Inject,
  Module,
  Optional,
  Req,
  Res,
  ServiceUnavailableException,
} from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  HealthCheck,
  type HealthCheckResult,
  HealthCheckService,
  HealthIndicatorService,
  TerminusModule,
} from '@nestjs/terminus';
import type { Request, Response } from 'express';

export interface HealthModuleOptions {
  /** Modules that provide the tokens in `inject`, unless they are global. */
  readonly imports?: NonNullable<DynamicModule['imports']>;
  readonly inject: NonNullable<FactoryProvider['inject']>;
  // biome-ignore lint/suspicious/noExplicitAny: Nest injects the values of `inject`.
  readonly useFactory: (...injected: any[]) => HealthIndicators;
}

/** Injection token of a `MayReadDetails`. Without one no request may read details. */
export const MAY_READ_DETAILS = Symbol('MayReadDetails');

/** Decides whether a request may read why a component is down: the details contain addresses and states. */
export type MayReadDetails = (request: Request) => boolean | Promise<boolean>;

/**
 * /health/live: the process responds. /health/ready: it can do its work; otherwise 503 with the names of the components
 * that are down. Both need no credentials, because orchestrators poll them; details require `MayReadDetails`.
 */
@ApiTags('health')
@Open()
@Controller('health')
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly indicator: HealthIndicatorService,
    private readonly readiness: Readiness,
    @Optional() @Inject(MAY_READ_DETAILS) private readonly mayReadDetails: MayReadDetails = () => false,
  ) {}

  @ApiOperation({ summary: 'Liveness', description: 'The process responds.' })
  @Get('live')
  @HealthCheck()
  live(): Promise<HealthCheckResult> {
    return this.health.check([]);
  }

  @ApiOperation({
    summary: 'Readiness',
    description: 'Whether the app can do its work; otherwise 503 with the names of the components that are down.',
  })
  @Get('ready')
  @HealthCheck()
  async ready(@Req() request: Request, @Res({ passthrough: true }) response: Response): Promise<HealthCheckResult> {
    const withDetails = await this.mayReadDetails(request);
    try {
      return await this.health.check(
        Object.entries(this.readiness.indicators).map(
          ([name, probe]) =>
            () =>
              this.probe(name, probe, withDetails),
        ),
      );
    } catch (error) {
      if (!(error instanceof ServiceUnavailableException)) throw error;
      // Health checks need the list of components that are down, not problem details.
      response.status(error.getStatus());
      return error.getResponse() as HealthCheckResult;
    }
  }

  private async probe(name: string, probe: HealthIndicators[string], withDetails: boolean) {
    const check = this.indicator.check(name);
    try {
      const { isUp, details = {} } = await withProbeTimeout(probe);
      const shown = withDetails ? details : {};
      return isUp ? check.up(shown) : check.down(shown);
    } catch (error) {
      return check.down(withDetails ? { fault: String(error) } : {});
    }
  }
}

/** Other components that the process needs add themselves to `Readiness`. */
@Module({})
export class HealthModule {
  static forRootAsync({ imports = [], inject, useFactory }: HealthModuleOptions): DynamicModule {
    return {
      module: HealthModule,
      global: true,
      imports: [TerminusModule.forRoot({ logger: false }), ...imports],
      controllers: [HealthController],
      providers: [{ provide: Readiness, inject, useFactory: (...injected) => new Readiness(useFactory(...injected)) }],
      exports: [Readiness],
    };
  }
}
