import { withProbeTimeout } from './with-probe-timeout';

export interface IndicatorState {
  readonly isUp: boolean;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** What readiness depends on, by name. An indicator that rejects or times out is down. */
export type HealthIndicators = Readonly<Record<string, () => IndicatorState | Promise<IndicatorState>>>;

/** Whether the process can do its work: the state of /health/ready, for other reports of it. */
export class Readiness {
  private readonly probes: Map<string, HealthIndicators[string]>;

  constructor(indicators: HealthIndicators = {}) {
    this.probes = new Map(Object.entries(indicators));
  }

  /** Adds an indicator. */
  add(name: string, probe: HealthIndicators[string]): void {
    this.probes.set(name, probe);
  }

  get indicators(): HealthIndicators {
    return Object.fromEntries(this.probes);
  }

  /** Never rejects. Each reason starts with the name of the indicator that is down. */
  async check(): Promise<{ readonly isReady: boolean; readonly reasons: readonly string[] }> {
    const faults = await Promise.all([...this.probes].map(([name, probe]) => faultOf(name, probe)));
    const reasons = faults.filter((fault) => fault !== undefined);
    return { isReady: reasons.length === 0, reasons };
  }
}

async function faultOf(name: string, probe: HealthIndicators[string]): Promise<string | undefined> {
  try {
    const { isUp, details = {} } = await withProbeTimeout(probe);
    if (isUp) return undefined;
    return Object.keys(details).length === 0 ? name : `${name}: ${JSON.stringify(details)}`;
  } catch (error) {
    return `${name}: ${String(error)}`;
  }
}
