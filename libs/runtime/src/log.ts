/** Where a component writes what it does: pino's own signature, details first. Injected by this class. */
export abstract class Log {
  abstract debug(details: object, message: string): void;
  abstract info(details: object, message: string): void;
  abstract warn(details: object, message: string): void;
  abstract error(details: object, message: string): void;
}

const ignore = (_details: object, _message: string) => {};

/** For tests and for callers that want no log. */
export const SILENT_LOG = { debug: ignore, info: ignore, warn: ignore, error: ignore } satisfies Log;
