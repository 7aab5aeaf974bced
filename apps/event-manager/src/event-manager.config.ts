import { LoggingConfig, schemaOf } from '@dbem/service-kit';
import { AccessConfig } from './access/access.config';
import { IdentityConfig } from './access/identity/identity.config';
import { BrokerConfig } from './config/broker.config';
import { HttpConfig } from './config/http.config';
import { MetricsConfig } from './config/metrics.config';
import { ZooKeeperConfig } from './config/zookeeper.config';
import { IntakeConfig } from './intake/intake.config';
import { ExpiryConfig } from './subscriptions/expiry/expiry.config';

/** The configuration classes of all features; each feature injects its own. */
export const CONFIGS = [
  HttpConfig,
  BrokerConfig,
  ZooKeeperConfig,
  AccessConfig,
  IdentityConfig,
  IntakeConfig,
  MetricsConfig,
  ExpiryConfig,
  LoggingConfig,
];

export const eventManagerConfigSchema = schemaOf(CONFIGS);
