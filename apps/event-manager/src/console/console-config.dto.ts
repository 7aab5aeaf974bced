import type { DeepReadonly } from '@dbem/runtime';
import { z } from 'zod';

export const ConsoleOidcDto = z
  .object({
    issuer: z.string().meta({ example: 'https://identity.example.org/realms/dbem' }),
    clientId: z.string().describe('Id of a public client: authorization code with PKCE, no secret.'),
    scopes: z.array(z.string()).meta({ example: ['openid', 'profile'] }),
  })
  .meta({ id: 'ConsoleOidcDto' });

export const ConsoleConfigDto = z
  .object({
    software: z.string().meta({ description: 'The event manager’s version.', example: '0.1.0' }),
    oidc: ConsoleOidcDto.optional().describe('Absent: users can log in only with an admin token.'),
  })
  .meta({ id: 'ConsoleConfigDto' });

export type ConsoleConfigDto = DeepReadonly<z.infer<typeof ConsoleConfigDto>>;
