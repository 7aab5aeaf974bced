import type { NodeData } from '@dbem/zookeeper';
import type { Transaction } from 'node-zookeeper-client';
import { isOver, type ReconcileRun } from '../run/reconcile-run';
import { activePath, runPath } from './paths';

/** Writes the run if its node still has this version; if the run is over, releases its key. */
export function writeRun(transaction: Transaction, run: ReconcileRun, version: number): void {
  transaction.setData(runPath(run.id), encode(run), version);
  if (isOver(run)) transaction.remove(activePath(run));
}

export function encode(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

export function decode<Value>({ data }: NodeData): Value {
  return JSON.parse(data.toString('utf8')) as Value;
}
