import { configOf, metricsToken } from '@dbem/service-kit';

export class MetricsConfig extends configOf({ METRICS_TOKEN: metricsToken }) {}
