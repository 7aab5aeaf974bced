import { encodeBatch } from './encode-batch';

/** Encodes batches for several destinations, which get the same elements one after the other: these share one body. */
export class SharedBody {
  private elements: readonly Buffer[] = [];
  private body: Buffer = Buffer.alloc(0);

  of(elements: readonly Buffer[]): Buffer {
    const isSame =
      elements.length === this.elements.length && elements.every((element, index) => element === this.elements[index]);
    if (!isSame) {
      this.elements = elements;
      this.body = encodeBatch(elements);
    }
    return this.body;
  }
}
