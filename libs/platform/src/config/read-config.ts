import { DbEventError } from '@dbem/db-event';
import { z } from 'zod';

/**
 * Reads an app's configuration from the environment. An empty variable counts as one that is not set.
 *
 * @throws DbEventError CONFIGURATION_INVALID with a line for each fault, all at once. Values are not shown: they may be
 *   secret.
 */
export function readConfig<Schema extends z.ZodObject>(schema: Schema, environment = process.env): z.infer<Schema> {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const faults = result.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
  throw new DbEventError('CONFIGURATION_INVALID', `The configuration has faults:\n${faults.join('\n')}`);
}
