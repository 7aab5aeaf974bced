import { serviceNameFault } from '@dbem/db-event';
import { configOf } from '@dbem/service-kit';
import { z } from 'zod';
import type { UserOfService } from './user-of-service';

/** Whose messages the manager believes. */
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
      'Broker users that are not named like their service, as user=service joined by commas; a user may stand for several. Default: none.',
    ),
  IDENTITY_LEGACY_SERVICES: z
    .string()
    .optional()
    .transform((text, context) => namesOf(text, (message) => context.addIssue({ code: 'custom', message })))
    .describe(
      'Services that are believed without naming their user, as old ones do, joined by commas: anybody who may publish can speak for them. Default: none.',
    ),
}) {}

type Complain = (fault: string) => void;

function namesOf(text: string | undefined, complain: Complain): readonly string[] {
  const names = listed(text);
  for (const name of names) checkName(name, complain);
  return names;
}

function usersOf(text: string | undefined, complain: Complain): readonly UserOfService[] {
  return listed(text).flatMap((entry) => {
    const [, user = '', service = ''] = /^(.+)=([^=]+)$/.exec(entry) ?? [];
    if (user === '') complain(`"${entry}" is not user=service`);
    else checkName(service, complain);
    return user === '' ? [] : [{ user, service }];
  });
}

function listed(text: string | undefined): string[] {
  return (text ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

function checkName(name: string, complain: Complain): void {
  const fault = serviceNameFault(name);
  if (fault !== undefined) complain(`"${name}" is no service's name: ${fault}`);
}
