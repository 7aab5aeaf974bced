export interface WindowSize {
  readonly publishes: number;
  readonly bytes: number;
}

/** Bounds the unconfirmed publishes and their bytes. */
export class InFlightWindow {
  private readonly taken = { publishes: 0, bytes: 0 };

  constructor(private readonly size: WindowSize) {}

  /** Enough room to send a batch rather than single fan-outs. */
  get isHalfFree(): boolean {
    const { publishes, bytes } = this.taken;
    return publishes <= this.size.publishes / 2 && bytes <= this.size.bytes / 2;
  }

  has({ publishes, bytes }: WindowSize): boolean {
    return this.taken.publishes + publishes <= this.size.publishes && this.taken.bytes + bytes <= this.size.bytes;
  }

  take({ publishes, bytes }: WindowSize): void {
    this.taken.publishes += publishes;
    this.taken.bytes += bytes;
  }

  giveBack({ publishes, bytes }: WindowSize): void {
    this.taken.publishes -= publishes;
    this.taken.bytes -= bytes;
  }
}
