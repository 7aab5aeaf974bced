/**
 * A batch: many events of one publisher in one AMQP message. All numbers are big-endian.
 *
 *   batch      magic u8 | format version u8 | flags u8 | number of elements u16 | elements
 *   element    size of the properties u32 | size of the body u32 | properties | body
 *   property   kind u8 | size of the value u16 | value
 *
 * The body of an element is exactly the body of a single message (the wire contract's `Message`); its properties are
 * what travels in the AMQP properties and headers of a single message. A reader skips kinds of properties that it does
 * not know. No flag is defined yet; a reader refuses a batch with a flag that it does not know.
 */
export const BATCH_CONTENT_TYPE = 'application/vnd.dbem.batch';

/** Can't begin a Thrift struct: the first byte of one is a field's type, at most 16, or 0. */
export const BATCH_MAGIC = 0xdb;

/** A reader knows this version and, once there is a second one, the version before. */
export const BATCH_VERSION = 1;

export const BATCH_HEADER_BYTES = 5;
export const ELEMENT_HEADER_BYTES = 8;

/** A batch is full at either limit. An element that is larger than the limit is a batch of its own. */
export const MAX_BATCH_ELEMENTS = 500;
export const MAX_BATCH_BYTES = 1024 * 1024;

/** The kinds of properties. The value of one with a name begins with the size of its name u8 and its name. */
export const PROPERTY = {
  /** Text, UTF-8. */
  messageId: 1,
  correlationId: 2,
  replyTo: 3,
  contentType: 4,
  /**
   * Only while it waits, and after all others: the service that it waits for as its name, and the subscription's
   * generation as text, which may be empty.
   */
  waiting: 5,
  /** name, text in UTF-8 */
  textHeader: 16,
  /** name, f64 */
  numberHeader: 17,
  /** name, 1 or 0 as u8 */
  booleanHeader: 18,
} as const;
