/** The label value of unknown names. Names come over the wire; each one would create a time series permanently. */
export const OTHER = 'other';

/** Bounds the values of a label: a known name is kept, any other becomes `other`. */
export class KnownNames {
  /** @param isKnown called for each name, so the set of known names may grow. */
  constructor(private readonly isKnown: (name: string) => boolean) {}

  label(name: string | undefined): string {
    return name !== undefined && this.isKnown(name) ? name : OTHER;
  }
}
