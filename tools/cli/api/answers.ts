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

export interface Forecast {
  readonly id: string;
  readonly publisher?: string;
  readonly entityType?: string;
  readonly entityId?: string;
  readonly version?: string;
  readonly outcome: string;
  readonly reason?: string;
}

export interface Redriven {
  readonly redriven: number;
  readonly failed: number;
  readonly failure?: string;
  readonly plan?: Readonly<Record<string, number>>;
  readonly forecasts?: readonly Forecast[];
  readonly hasMore?: boolean;
}

export interface ReconcileRun {
  readonly id: string;
  readonly publisher: string;
  readonly subscriber: string;
  readonly entityType: string;
  readonly kind: string;
  readonly state: string;
  readonly requestedBy: string;
  readonly pass: number;
  readonly sourceRows: number;
  readonly compared: number;
  readonly differing: number;
  readonly sent: number;
  readonly removed: number;
  readonly secondsLeft?: number;
  readonly waitingFor?: string;
  readonly error?: string;
  readonly statement?: string;
  readonly isEqual?: boolean;
}

export interface EntityReport {
  readonly source: {
    readonly status: string;
    readonly version?: string;
    readonly changedAt?: string;
    readonly reason?: string;
  };
  readonly services: readonly {
    readonly service: string;
    readonly standing: string;
    readonly version?: string;
    readonly deleted?: boolean;
    readonly appliedAt?: string;
    readonly differences?: readonly { readonly field: string; readonly source?: unknown; readonly replica?: unknown }[];
    readonly reason?: string;
  }[];
}

export interface HeldEvent {
  readonly publisher: string;
  readonly entityType: string;
  readonly entityId: string;
  readonly version: string;
  readonly heldSince: string;
  readonly waitsFor: { readonly publisher: string; readonly entityType: string; readonly entityId: string };
}

export interface AuditEntry {
  readonly at: string;
  readonly who: { readonly name: string; readonly role?: string };
  readonly from: { readonly address?: string };
  readonly action: string;
  readonly target: Readonly<Record<string, string>>;
  readonly result: string;
  readonly outcome: string;
}

export interface SchemaVersion {
  readonly publisher: string;
  readonly entityType: string;
  readonly version: number;
}

export interface ContractReport {
  readonly isCompatible: boolean;
  readonly changes: readonly {
    readonly path: string;
    readonly what: string;
    readonly isCompatible: boolean;
    readonly breaksSubscribers: readonly string[];
    readonly rule: string;
  }[];
}
