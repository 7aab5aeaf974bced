import { readFileSync } from 'node:fs';
import { DbEventError } from '@dbem/db-event';
import { z } from 'zod';

/**
 * Reads an app's configuration from the environment. An empty variable counts as not set. `NAME_FILE` is the path of a
 * file with the value of `NAME`, as container platforms provide secrets; a final newline in it is ignored.
 *
 * @throws DbEventError CONFIGURATION_INVALID with one line per error, all at once, without values, which may be secret.
 */
export function readConfig<Schema extends z.ZodObject>(schema: Schema, environment = process.env): z.infer<Schema> {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const faults: string[] = [];
  for (const name of Object.keys(schema.shape)) {
    const file = given[`${name}_FILE`];
    if (file === undefined || `${name}_FILE` in schema.shape) continue;
    if (given[name] !== undefined) faults.push(`  ${name}_FILE: ${name} is set, too; set only one of them`);
    else given[name] = contentOf(file, (reason) => faults.push(`  ${name}_FILE: ${reason}`));
  }
  const result = schema.safeParse(given);
  if (result.success && faults.length === 0) return result.data;
  for (const issue of result.error?.issues ?? []) faults.push(`  ${issue.path.join('.')}: ${issue.message}`);
  throw new DbEventError('CONFIGURATION_INVALID', `The configuration is invalid:\n${faults.join('\n')}`);
}

function contentOf(file: string, report: (reason: string) => void): string | undefined {
  try {
    const content = readFileSync(file, 'utf8').replace(/\r?\n$/, '');
    return content === '' ? undefined : content;
  } catch (error) {
    report(`can't be read: ${(error as NodeJS.ErrnoException).code}`);
    return undefined;
  }
}
