import { Injectable } from '@nestjs/common';

/** Whether all of this manager's consumers on the managers' queues are registered. */
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
