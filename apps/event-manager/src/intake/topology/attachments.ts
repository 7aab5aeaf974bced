import { Injectable } from '@nestjs/common';

/** Whether all that this manager consumes from the managers' queues is being consumed. */
@Injectable()
export class Attachments {
  private readonly consumptions: (() => boolean)[] = [];

  add(isAttached: () => boolean): void {
    this.consumptions.push(isAttached);
  }

  get areComplete(): boolean {
    return this.consumptions.every((isAttached) => isAttached());
  }
}
