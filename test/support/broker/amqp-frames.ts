/** `open-ok` of an AMQP connection: class 10, method 41. */
export const OPEN_OK = Buffer.from([0, 10, 0, 41]);

/** `close-ok` of an AMQP channel: class 20, method 41. */
export const CHANNEL_CLOSE_OK = Buffer.from([0, 20, 0, 41]);

/** A frame by which an AMQP server closes the connection: class 10, method 50. */
export function closeFrame(code: number, text: string): Buffer {
  const payload = Buffer.concat([
    Buffer.from([0, 10, 0, 50, code >> 8, code & 255, text.length]),
    Buffer.from(text),
    Buffer.from([0, 0, 0, 0]),
  ]);
  const header = Buffer.from([1, 0, 0, 0, 0, 0, payload.length]);
  return Buffer.concat([header, payload, Buffer.from([206])]);
}
