import { randomUUID } from 'node:crypto';
import { connect } from 'amqplib';

/**
 * A service written for the Java original: it implements the wire contract without this project's libraries. Its
 * messages are encoded by hand.
 */
export class LegacyService {
  constructor(private readonly amqpUrl: string) {}

  /** Publishes to the manager's exchange. With `awaitReplyMs` requests a reply and resolves with its body. */
  async publish(body: Buffer, awaitReplyMs?: number): Promise<Buffer | undefined> {
    const connection = await connect(this.amqpUrl);
    try {
      const channel = await connection.createConfirmChannel();
      const correlationId = randomUUID();
      const reply =
        awaitReplyMs === undefined
          ? undefined
          : new Promise<Buffer>((resolve, reject) => {
              const timer = setTimeout(() => reject(new Error(`no reply in ${awaitReplyMs} ms`)), awaitReplyMs);
              void channel.consume(
                'amq.rabbitmq.reply-to',
                (message) => {
                  if (message?.properties.correlationId !== correlationId) return;
                  clearTimeout(timer);
                  resolve(message.content);
                },
                { noAck: true },
              );
            });
      channel.publish('db.event.exchange', 'db.event', body, {
        persistent: true,
        contentType: 'text/plain',
        ...(reply !== undefined && { replyTo: 'amq.rabbitmq.reply-to', correlationId }),
      });
      await channel.waitForConfirms();
      return await reply;
    } finally {
      await connection.close();
    }
  }
}

/** A `Message` of the wire contract around a publisher's event. `entityType` is the enum's number. */
export function legacyEvent(publisher: string, entityType: number, entity: Buffer): Buffer {
  const publisherContext = struct(i32Field(1, 0), i32Field(2, entityType), binaryField(3, entity));
  const context = struct(structField(1, struct(structField(1, publisherContext))));
  const event = struct(i32Field(1, 0), structField(2, context), binaryField(3, Buffer.from(publisher)));
  return struct(binaryField(1, event), binaryField(2, Buffer.alloc(0)), i32Field(3, 8));
}

function struct(...fields: Buffer[]): Buffer {
  return Buffer.concat([...fields, Buffer.from([0])]);
}

function fieldHeader(type: number, id: number): Buffer {
  return Buffer.from([type, id >> 8, id & 0xff]);
}

function i32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function i32Field(id: number, value: number): Buffer {
  return Buffer.concat([fieldHeader(8, id), i32(value)]);
}

function binaryField(id: number, value: Buffer): Buffer {
  return Buffer.concat([fieldHeader(11, id), i32(value.length), value]);
}

function structField(id: number, value: Buffer): Buffer {
  return Buffer.concat([fieldHeader(12, id), value]);
}
