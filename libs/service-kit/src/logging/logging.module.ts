import { Log } from '@dbem/runtime';
import { type DynamicModule, Module } from '@nestjs/common';
import { trace } from '@opentelemetry/api';
import { LoggerModule } from 'nestjs-pino';
import { type DestinationStream, pino } from 'pino';
import { describeError } from './describe-error';

export interface LoggingOptions {
  /** Stands in each line. */
  readonly app: string;
  readonly level: string;
  /** Texts that no line may contain; see `secretsOf`. Default: none. */
  readonly secrets?: readonly string[];
  /** Takes the lines. Default: standard output. */
  readonly destination?: DestinationStream | undefined;
}

/** Logs JSON lines, Nest's own too; provides `Log` to the whole application. Requests are not logged. */
@Module({})
export class LoggingModule {
  static forRoot({ app, level, secrets = [], destination }: LoggingOptions): DynamicModule {
    const logger = pino(
      {
        name: app,
        level,
        redact: ['req.headers.authorization', 'req.headers.cookie'],
        serializers: { err: describeError },
        mixin: traceOf,
        hooks: { streamWrite: without(secrets) },
      },
      destination,
    );
    return {
      module: LoggingModule,
      global: true,
      imports: [LoggerModule.forRoot({ pinoHttp: { logger, autoLogging: false } })],
      providers: [{ provide: Log, useValue: logger }],
      exports: [Log],
    };
  }
}

/** Says in each line which trace it belongs to. */
function traceOf(): object {
  const span = trace.getActiveSpan()?.spanContext();
  return span === undefined ? {} : { traceId: span.traceId, spanId: span.spanId };
}

/** Nothing of ours logs a secret on purpose. A library's error might: what leaves the process is looked through. */
function without(secrets: readonly string[]): (line: string) => string {
  const inJson = secrets.flatMap((secret) => [...new Set([JSON.stringify(secret).slice(1, -1), secret])]);
  return (line) => inJson.reduce((text, secret) => text.replaceAll(secret, '[secret]'), line);
}
