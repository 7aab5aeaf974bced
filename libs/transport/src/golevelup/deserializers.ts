/** Like golevelup's default deserializer, but accepts an empty body. */
export function jsonBody(body: Buffer): unknown {
  return body.length === 0 ? undefined : JSON.parse(body.toString());
}

/** Passes the raw bytes to the handler: `@RabbitSubscribe({ …, deserializer: rawBody })`. */
export function rawBody(body: Buffer): Buffer {
  return body;
}
