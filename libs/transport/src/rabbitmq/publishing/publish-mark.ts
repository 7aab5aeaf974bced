/**
 * The value of the AMQP property `app_id` in each message that we publish: its number on the channel, by which a
 * returned message is recognised, and the time of its publish. A property, because a header costs the broker and its
 * clients several times as much.
 */
export function publishMark(number: number, atMs: number): string {
  return `${number.toString(36)}.${atMs.toString(36)}`;
}

/** When the message with this `app_id` was published, ms since 1970; undefined if it is not a publish mark. */
export function publishedAtMsOf(appId: unknown): number | undefined {
  if (typeof appId !== 'string') return undefined;
  const time = /^[0-9a-z]{1,11}\.([0-9a-z]{8,9})$/.exec(appId)?.[1];
  return time === undefined ? undefined : Number.parseInt(time, 36);
}

/** The number in a publish mark. */
export function numberOf(mark: string): number {
  return Number.parseInt(mark, 36);
}
