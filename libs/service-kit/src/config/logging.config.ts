import { configOf } from './config-of';
import { logLevel } from './variables';

export class LoggingConfig extends configOf({ LOG_LEVEL: logLevel }) {}
