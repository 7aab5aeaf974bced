/** Tells whose statuses are believed. */
export abstract class SpeakerCheck {
  /** @throws DbEventError PUBLISHER_FORGED, if the broker user may not speak for the service. */
  abstract checkSpeaker(service: string, userId: string | undefined): void;
}
