import { readFileSync } from 'node:fs';
import { DbEventError } from '@dbem/db-event';
import { z } from 'zod';

/**
 * Reads an app's configuration from the environment. An empty variable counts as one that is not set. `NAME_FILE` names a file
 * that holds the value of `NAME`, as container platforms hand out secrets; a line's end at its end does not count.
 *
 * @throws DbEventError CONFIGURATION_INVALID with a line for each fault, all at once. Values are not shown: they may be
 *   secret.
 */
export function readConfig<Schema extends z.ZodObject>(schema: Schema, environment = process.env): z.infer<Schema> {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const faults: string[] = [];
  for (const name of Object.keys(schema.shape)) {
    const file = given[`${name}_FILE`];
    if (file === undefined || `${name}_FILE` in schema.shape) continue;
    if (given[name] !== undefined) faults.push(`  ${name}_FILE: ${name} is set as well; one of them must go`);
    else given[name] = contentOf(file, (reason) => faults.push(`  ${name}_FILE: ${reason}`));
  }
  const result = schema.safeParse(given);
  if (result.success && faults.length === 0) return result.data;
  for (const issue of result.error?.issues ?? []) faults.push(`  ${issue.path.join('.')}: ${issue.message}`);
  throw new DbEventError('CONFIGURATION_INVALID', `The configuration has faults:\n${faults.join('\n')}`);
}

function contentOf(file: string, complain: (reason: string) => void): string | undefined {
  try {
    const content = readFileSync(file, 'utf8').replace(/\r?\n$/, '');
    return content === '' ? undefined : content;
  } catch (error) {
    complain(`can't be read: ${(error as NodeJS.ErrnoException).code}`);
    return undefined;
  }
}
