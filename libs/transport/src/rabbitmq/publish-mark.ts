/**
 * What each message of ours carries in the AMQP property `app_id`: its number on the channel, by which a returned message is
 * known again, and when it was published. In a property, for a header costs a broker and its clients several times as much.
 */
export function publishMark(number: number, atMs: number): string {
  return `${number.toString(36)}.${atMs.toString(36)}`;
}

/** When the message with this `app_id` was published, ms since 1970; undefined if the mark is none of ours. */
export function publishedAtMsOf(appId: unknown): number | undefined {
  if (typeof appId !== 'string') return undefined;
  const time = /^[0-9a-z]{1,11}\.([0-9a-z]{8,9})$/.exec(appId)?.[1];
  return time === undefined ? undefined : Number.parseInt(time, 36);
}

/** The number in a mark of ours; NaN for another text. */
export function numberOf(mark: string): number {
  return Number.parseInt(mark, 36);
}
