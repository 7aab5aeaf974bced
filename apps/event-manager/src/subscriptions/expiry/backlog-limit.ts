export interface BacklogLimit {
  readonly maxMessages: number;
  readonly maxBytes: number;
}

/** Why a backlog is too large; undefined if it is not. Without a mean size, checks only the number of messages. */
export function backlogFault(
  messages: number,
  meanBytes: number | undefined,
  { maxMessages, maxBytes }: BacklogLimit,
): string | undefined {
  if (messages > maxMessages) return `${messages} messages wait; the limit is ${maxMessages}`;
  const bytes = Math.round(messages * (meanBytes ?? 0));
  return bytes > maxBytes ? `about ${bytes} bytes wait in ${messages} messages; the limit is ${maxBytes}` : undefined;
}
