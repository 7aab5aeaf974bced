import { Log } from '@dbem/runtime';
import { type DynamicModule, Module } from '@nestjs/common';
import { trace } from '@opentelemetry/api';
import { LoggerModule } from 'nestjs-pino';
import { type DestinationStream, type Logger, pino } from 'pino';
import { LOG_DESTINATION, SECRETS } from '../config/app-config.module';
import { LoggingConfig } from '../config/logging.config';
import { describeError } from './describe-error';

/** Logs JSON lines, including Nest's own; provides `Log` to the whole application. HTTP requests are not logged. */
@Module({})
export class LoggingModule {
  /** Configured by the application's `LoggingConfig`; see `AppConfigModule`. @param app the `name` in each line */
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
    hooks: { streamWrite: redacting(secrets) },
  };
  return pino(options, destination);
}

/** Adds the active trace to each line. */
function traceOf(): object {
  const span = trace.getActiveSpan()?.spanContext();
  return span === undefined ? {} : { traceId: span.traceId, spanId: span.spanId };
}

/** Redacts secrets in every line: an error of a library may contain one. */
function redacting(secrets: readonly string[]): (line: string) => string {
  const inJson = secrets.flatMap((secret) => [...new Set([JSON.stringify(secret).slice(1, -1), secret])]);
  return (line) => inJson.reduce((text, secret) => text.replaceAll(secret, '[secret]'), line);
}
