/** Decides which broker users may report the status of a service. */
export abstract class SenderCheck {
  /** @throws DbEventError PUBLISHER_FORGED if the broker user may not report for the service. */
  abstract checkSender(service: string, userId: string | undefined): void;
}
