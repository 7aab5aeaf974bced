/** A component's logger, with pino's signature: details first. This class is the injection token. */
export abstract class Log {
  abstract debug(details: object, message: string): void;
  abstract info(details: object, message: string): void;
  abstract warn(details: object, message: string): void;
  abstract error(details: object, message: string): void;
}

const ignore = (_details: object, _message: string) => {};

/** Discards everything: for tests and for callers without a log. */
export const SILENT_LOG = { debug: ignore, info: ignore, warn: ignore, error: ignore } satisfies Log;
