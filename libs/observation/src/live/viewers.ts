import { Injectable } from '@nestjs/common';

/** Who has looked within this time looks still: a page that asks now and then, say. */
const VIEWER_TIMEOUT_MS = 15_000;

/** Knows whether anybody looks, so that what is gathered for people is gathered often only for people. */
@Injectable()
export class Viewers {
  private watching = 0;
  private checkedAtMs = Number.NEGATIVE_INFINITY;
  private readonly listeners: (() => void)[] = [];

  get areThere(): boolean {
    return this.watching > 0 || Date.now() - this.checkedAtMs < VIEWER_TIMEOUT_MS;
  }

  /** Somebody looks once. */
  noteRequest(): void {
    const wasQuiet = !this.areThere;
    this.checkedAtMs = Date.now();
    if (wasQuiet) for (const listener of this.listeners) listener();
  }

  /** Somebody looks from now on. @returns what ends that; may be called twice. */
  noteWatcher(): () => void {
    this.noteRequest();
    this.watching += 1;
    let isThere = true;
    return () => {
      if (isThere) this.watching -= 1;
      isThere = false;
    };
  }

  /** Calls `listener` when somebody comes after nobody was there. */
  onCome(listener: () => void): void {
    this.listeners.push(listener);
  }
}
