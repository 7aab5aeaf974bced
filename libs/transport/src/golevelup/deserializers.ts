/** golevelup's default deserializer, but for an empty body, at which golevelup's throws. */
export function jsonBody(body: Buffer): unknown {
  return body.length === 0 ? undefined : JSON.parse(body.toString());
}

/** Hands a handler the bytes as they came: `@RabbitSubscribe({ …, deserializer: rawBody })`. */
export function rawBody(body: Buffer): Buffer {
  return body;
}
