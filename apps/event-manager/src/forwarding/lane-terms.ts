import { arrivalOf, type Delivery, termOf } from '@dbem/transport';

/**
 * Finds events of legacy publishers that reached a lane late: another manager has begun a later term meanwhile, and
 * published before them what it was delivered again, which includes them. It remembers what passed this manager. What
 * waited elsewhere comes without an arrival, and is never late.
 */
export class LaneTerms {
  private last = 0;

  /** For each of these deliveries, in their order, whether it is late. */
  late(deliveries: readonly Delivery[]): boolean[] {
    let { last } = this;
    return deliveries.map((delivery) => {
      const arrival = arrivalOf(delivery);
      if (arrival === undefined) return false;
      const term = termOf(arrival);
      if (term < last) return true;
      last = term;
      return false;
    });
  }

  /** These are done. Not earlier: what stands before an event that is delivered again is not late. */
  done(deliveries: readonly Delivery[]): void {
    const terms = deliveries.map((delivery) => termOf(arrivalOf(delivery) ?? 0n));
    this.last = Math.max(this.last, ...terms);
  }
}
