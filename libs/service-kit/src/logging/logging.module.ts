import { Log } from '@dbem/runtime';
import { type DynamicModule, Module } from '@nestjs/common';
import { trace } from '@opentelemetry/api';
import { LoggerModule } from 'nestjs-pino';
import { type DestinationStream, type Logger, pino } from 'pino';
import { LOG_DESTINATION, SECRETS } from '../config/app-config.module';
import { LoggingConfig } from '../config/logging.config';
import { describeError } from './describe-error';

/** Logs JSON lines, Nest's own too; provides `Log` to the whole application. Requests are not logged. */
@Module({})
export class LoggingModule {
  /** As the application's own configuration says; see `AppConfigModule`. @param app stands in each line. */
  static forApp(app: string): DynamicModule {
    return {
      module: LoggingModule,
      global: true,
      imports: [
        LoggerModule.forRootAsync({
          inject: [Log],
          useFactory: (logger: Logger) => ({ pinoHttp: { logger, autoLogging: false } }),
        }),
      ],
      providers: [
        {
          provide: Log,
          inject: [LoggingConfig, SECRETS, LOG_DESTINATION],
          useFactory: ({ LOG_LEVEL }: LoggingConfig, secrets: readonly string[], destination?: DestinationStream) =>
            loggerOf(app, LOG_LEVEL, secrets, destination),
        },
      ],
      exports: [Log],
    };
  }
}

function loggerOf(
  app: string,
  level: string,
  secrets: readonly string[],
  destination: DestinationStream | undefined,
): Logger {
  const options = {
    name: app,
    level,
    redact: ['req.headers.authorization', 'req.headers.cookie'],
    serializers: { err: describeError },
    mixin: traceOf,
    hooks: { streamWrite: without(secrets) },
  };
  return pino(options, destination);
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
