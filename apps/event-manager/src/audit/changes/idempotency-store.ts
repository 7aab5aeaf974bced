import { Injectable, Optional } from '@nestjs/common';

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

interface StoredRequest {
  /** Digest of the request; reuse of a key with another request is a client error. */
  readonly request: string;
  readonly atMs: number;
  /** Undefined while the request is being executed. */
  answer?: Answer;
}

export interface IdempotencyStoreOptions {
  /** Maximum stored requests; beyond it the oldest is evicted. Default: 1,000. */
  readonly maxRequests?: number;
  /** Retention of a request, ms. Default: 24 hours. */
  readonly maxAgeMs?: number;
}

export type Claim =
  | { readonly kind: 'first' }
  | { readonly kind: 'under way' }
  | { readonly kind: 'other request' }
  | { readonly kind: 'answered'; readonly answer: Answer };

/** Responses to changes sent with an idempotency key, in this manager's memory, limited in number and age. */
@Injectable()
export class IdempotencyStore {
  private readonly byKey = new Map<string, StoredRequest>();
  private readonly maxRequests: number;
  private readonly maxAgeMs: number;

  constructor(@Optional() { maxRequests = 1_000, maxAgeMs = 24 * 60 * 60 * 1_000 }: IdempotencyStoreOptions = {}) {
    this.maxRequests = maxRequests;
    this.maxAgeMs = maxAgeMs;
  }

  /** A caller that gets `first` executes the request and then calls `keep` or `release`. */
  claim(key: string, request: string): Claim {
    const known = this.byKey.get(key);
    if (known !== undefined && Date.now() - known.atMs < this.maxAgeMs) {
      if (known.request !== request) return { kind: 'other request' };
      return known.answer === undefined ? { kind: 'under way' } : { kind: 'answered', answer: known.answer };
    }
    this.byKey.delete(key);
    this.byKey.set(key, { request, atMs: Date.now() });
    const [oldest] = this.byKey.keys();
    if (this.byKey.size > this.maxRequests && oldest !== undefined) this.byKey.delete(oldest);
    return { kind: 'first' };
  }

  keep(key: string, answer: Answer): void {
    const known = this.byKey.get(key);
    if (known !== undefined) known.answer = answer;
  }

  /** Call when the request failed: it may be retried with the same key. */
  release(key: string): void {
    this.byKey.delete(key);
  }

  get size(): number {
    return this.byKey.size;
  }
}
