import type { MeanMessage } from '@dbem/transport';

export interface BacklogLimit {
  readonly maxEvents: number;
  readonly maxBytes: number;
}

/** Why a backlog is too large; undefined if it is not. */
export function backlogFault(
  messages: number,
  mean: MeanMessage,
  { maxEvents, maxBytes }: BacklogLimit,
): string | undefined {
  const events = Math.round(messages * mean.events);
  const inMessages = events === messages ? '' : ` in ${messages} messages`;
  if (events > maxEvents) return `about ${events} events wait${inMessages}; the limit is ${maxEvents}`;
  const bytes = Math.round(messages * mean.bytes);
  return bytes > maxBytes ? `about ${bytes} bytes wait in ${messages} messages; the limit is ${maxBytes}` : undefined;
}
