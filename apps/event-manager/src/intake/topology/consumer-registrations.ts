import { Injectable } from '@nestjs/common';

/** Whether all that this manager consumes from the managers' queues is being consumed. */
@Injectable()
export class ConsumerRegistrations {
  private readonly consumptions: (() => boolean)[] = [];

  add(isRegistered: () => boolean): void {
    this.consumptions.push(isRegistered);
  }

  get areComplete(): boolean {
    return this.consumptions.every((isRegistered) => isRegistered());
  }
}
