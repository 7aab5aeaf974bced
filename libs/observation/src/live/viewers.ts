import { Injectable } from '@nestjs/common';

/** After a request, a viewer counts as present for this time, so that a page that polls counts as one. */
const VIEWER_TIMEOUT_MS = 15_000;

/** Knows whether there are viewers, so that data for people is polled often only while somebody views it. */
@Injectable()
export class Viewers {
  private count = 0;
  private requestedAtMs = Number.NEGATIVE_INFINITY;
  private readonly listeners: (() => void)[] = [];

  get arePresent(): boolean {
    return this.count > 0 || Date.now() - this.requestedAtMs < VIEWER_TIMEOUT_MS;
  }

  /** A single request by a viewer. */
  noteRequest(): void {
    const wasQuiet = !this.arePresent;
    this.requestedAtMs = Date.now();
    if (wasQuiet) for (const listener of this.listeners) listener();
  }

  /** Adds a viewer that stays. @returns a function that removes it; may be called twice. */
  add(): () => void {
    this.noteRequest();
    this.count += 1;
    let isPresent = true;
    return () => {
      if (isPresent) this.count -= 1;
      isPresent = false;
    };
  }

  /** Calls `listener` when the first viewer arrives after there were none. */
  onArrival(listener: () => void): void {
    this.listeners.push(listener);
  }
}
