import { Open } from '@dbem/http';
import { answerInTime, type HealthIndicators, Readiness } from '@dbem/runtime';
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
  /** Modules that provide what `inject` names, if not global ones. */
  readonly imports?: NonNullable<DynamicModule['imports']>;
  readonly inject: NonNullable<FactoryProvider['inject']>;
  // biome-ignore lint/suspicious/noExplicitAny: Nest hands in what `inject` names.
  readonly useFactory: (...injected: any[]) => HealthIndicators;
}

/** Injection token of a `MayReadDetails`. Without one nobody may. */
export const MAY_READ_DETAILS = Symbol('MayReadDetails');

/** Says whether who asks may read why something is down: faults name addresses and states. */
export type MayReadDetails = (request: Request) => boolean | Promise<boolean>;

/**
 * /health/live: the process answers. /health/ready: it can do its work; 503 with the names of what is down if not. Both are
 * open, for orchestrators ask them; details are for who may read them.
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

  @ApiOperation({ summary: 'Liveness', description: 'The process answers.' })
  @Get('live')
  @HealthCheck()
  live(): Promise<HealthCheckResult> {
    return this.health.check([]);
  }

  @ApiOperation({
    summary: 'Readiness',
    description: 'Whether it can do its work: 503 with the names of what is down, if not.',
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
      // Who looks at health wants to see what is down, not a problem about it.
      response.status(error.getStatus());
      return error.getResponse() as HealthCheckResult;
    }
  }

  private async probe(name: string, probe: HealthIndicators[string], withDetails: boolean) {
    const check = this.indicator.check(name);
    try {
      const { isUp, details = {} } = await answerInTime(probe);
      const shown = withDetails ? details : {};
      return isUp ? check.up(shown) : check.down(shown);
    } catch (error) {
      return check.down(withDetails ? { fault: String(error) } : {});
    }
  }
}

/** Whoever else is needed for the process's work adds itself to `Readiness`. */
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
