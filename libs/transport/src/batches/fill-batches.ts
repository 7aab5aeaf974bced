import { MAX_BATCH_BYTES, MAX_BATCH_ELEMENTS } from './batch-format';

/** Splits encoded elements into batches that are as full as the limits allow; the order is kept. */
export function fillBatches(elements: readonly Buffer[]): Buffer[][] {
  const batches: Buffer[][] = [];
  let batch: Buffer[] = [];
  let bytes = 0;
  for (const element of elements) {
    const isFull = batch.length >= MAX_BATCH_ELEMENTS || bytes + element.length > MAX_BATCH_BYTES;
    if (isFull && batch.length > 0) {
      batches.push(batch);
      batch = [];
      bytes = 0;
    }
    batch.push(element);
    bytes += element.length;
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
}
