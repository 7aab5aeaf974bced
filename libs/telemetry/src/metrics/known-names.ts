/** What a label says of a name that is not known: names come over the wire, and each would be a time series for good. */
export const OTHER = 'other';

/** Keeps labels bounded: a name is itself if it is known, else `other`. */
export class KnownNames {
  /** @param isKnown asked each time, so what is known may grow. */
  constructor(private readonly isKnown: (name: string) => boolean) {}

  label(name: string | undefined): string {
    return name !== undefined && this.isKnown(name) ? name : OTHER;
  }
}
