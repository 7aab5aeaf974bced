import { bearsToken, Open } from '@dbem/http';
import {
  type CanActivate,
  Controller,
  type ExecutionContext,
  ForbiddenException,
  Get,
  Inject,
  Injectable,
  Optional,
  Res,
  UnauthorizedException,
  UseGuards,
} from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Registry } from 'prom-client';

/** Injection token of the bearer token for `/metrics`. */
export const METRICS_TOKEN = Symbol('METRICS_TOKEN');

/** Requires `Authorization: Bearer <metrics token>`. Without a configured token it rejects every request. */
@Injectable()
export class MetricsGuard implements CanActivate {
  constructor(@Optional() @Inject(METRICS_TOKEN) private readonly token: string | undefined) {}

  canActivate(context: ExecutionContext): boolean {
    if (this.token === undefined) throw new ForbiddenException('Metrics are closed: METRICS_TOKEN is not set.');
    if (!bearsToken(context.switchToHttp().getRequest<Request>(), this.token)) {
      throw new UnauthorizedException('The metrics token is missing or wrong: send "Authorization: Bearer <token>".');
    }
    return true;
  }
}

/**
 * The application's metrics in Prometheus' text format. Scrapers use a separate token that is valid here only, so this
 * controller is exempt from the app's global guards.
 */
@ApiExcludeController()
@Open()
@UseGuards(MetricsGuard)
@Controller('metrics')
export class MetricsController {
  constructor(private readonly registry: Registry) {}

  @Get()
  async scrape(@Res() response: Response): Promise<void> {
    const text = await this.registry.metrics();
    response.setHeader('Content-Type', this.registry.contentType);
    response.end(text);
  }
}
