import { serviceNameFault } from '@dbem/db-event';
import { configOf } from '@dbem/service-kit';
import { z } from 'zod';
import type { UserOfService } from './user-of-service';

/** Which broker users may act for which services. */
export class IdentityConfig extends configOf({
  IDENTITY: z
    .enum(['enforced', 'off'])
    .default('off')
    .describe(
      'Whether a message must come from the broker user of the service that it names: enforced or off. Default: off.',
    ),
  IDENTITY_USERS: z
    .string()
    .optional()
    .transform((text, context) => usersOf(text, (message) => context.addIssue({ code: 'custom', message })))
    .describe(
      'Broker users whose name differs from their service’s, as user=service, separated by commas; a user may appear several times. Default: none.',
    ),
  IDENTITY_LEGACY_SERVICES: z
    .string()
    .optional()
    .transform((text, context) => namesOf(text, (message) => context.addIssue({ code: 'custom', message })))
    .describe(
      'Legacy services that are accepted without a broker user, separated by commas; any publisher can impersonate them. Default: none.',
    ),
}) {}

type ReportFault = (fault: string) => void;

function namesOf(text: string | undefined, reportFault: ReportFault): readonly string[] {
  const names = listed(text);
  for (const name of names) checkName(name, reportFault);
  return names;
}

function usersOf(text: string | undefined, reportFault: ReportFault): readonly UserOfService[] {
  return listed(text).flatMap((entry) => {
    const [, user = '', service = ''] = /^(.+)=([^=]+)$/.exec(entry) ?? [];
    if (user === '') reportFault(`"${entry}" does not have the form user=service`);
    else checkName(service, reportFault);
    return user === '' ? [] : [{ user, service }];
  });
}

function listed(text: string | undefined): string[] {
  return (text ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

function checkName(name: string, reportFault: ReportFault): void {
  const fault = serviceNameFault(name);
  if (fault !== undefined) reportFault(`"${name}" is not a valid service name: ${fault}`);
}
