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

/** Injection token of the bearer token that opens `/metrics`. */
export const METRICS_TOKEN = Symbol('METRICS_TOKEN');

/** Lets through who sends `Authorization: Bearer <metrics token>`; nobody, if there is no such token. */
@Injectable()
export class MetricsGuard implements CanActivate {
  constructor(@Optional() @Inject(METRICS_TOKEN) private readonly token: string | undefined) {}

  canActivate(context: ExecutionContext): boolean {
    if (this.token === undefined) throw new ForbiddenException('Metrics are closed: METRICS_TOKEN is not set.');
    if (!bearsToken(context.switchToHttp().getRequest<Request>(), this.token)) {
      throw new UnauthorizedException('This needs the metrics token: send "Authorization: Bearer <token>".');
    }
    return true;
  }
}

/**
 * The application's metrics in Prometheus' text format. Scrapers have a token of their own, which opens nothing else: so the
 * guards that an app has before all its routes let them pass.
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
