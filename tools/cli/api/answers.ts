/** What the admin API answers with, as far as commands read it; the OpenAPI document describes it all. */
export interface Queue {
  readonly name: string;
  readonly messages: number;
  readonly consumers: number;
}

export interface Service {
  readonly name: string;
  readonly subscribesTo: readonly string[];
  readonly subscribers: readonly string[];
  readonly queue?: Queue;
  readonly parked?: Queue;
}

export interface Member {
  readonly id: string;
  readonly appliedRevision: string;
  readonly startedAt: string;
  readonly host: string;
  readonly pid: number;
}

export interface Subscription {
  readonly publisher: string;
  readonly subscriber: string;
  readonly entityTypes?: readonly string[];
  readonly delivery?: string;
}

export interface RouteReceipt {
  readonly subscription: Subscription;
  readonly goesTo: string;
  readonly queue: Queue & { readonly kind?: string };
  readonly waiting?: Queue;
  readonly managers: number;
  readonly findings: readonly { readonly code: string; readonly state: string; readonly message: string }[];
}

export interface ParkedEvent {
  readonly id: string;
  readonly service: string;
  readonly publisher?: string;
  readonly entityType?: string;
  readonly entityId?: string;
  readonly reasonCode: string;
  readonly reason: string;
  readonly attempts: number;
  readonly lastFailedAt?: string;
  readonly standing: string;
}

export interface Redriven {
  readonly redriven: number;
  readonly failed: number;
  readonly failure?: string;
  readonly plan?: Readonly<Record<string, number>>;
}
