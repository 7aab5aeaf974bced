import { z } from 'zod';

/** Nobody; who reads that very field; who reads the struct or the enum at all. */
const BREAKS = ['nobody', 'readers of the field', 'all readers'] as const;

/** What has changed between two schemas, and whom it breaks. */
export const ClassifiedChange = z
  .object({
    path: z.string().meta({ example: 'UserProfile.emails' }),
    what: z.string().meta({ example: '5 was required and is gone' }),
    rule: z.string().meta({ description: 'Its name in docs/how-to/change-an-entity.md.', example: 'required-removed' }),
    breaks: z.enum(BREAKS),
    isCompatible: z.boolean(),
    breaksSubscribers: z
      .array(z.string())
      .describe('The subscribers of such entities that it would break, as far as is known.'),
  })
  .meta({ id: 'SchemaChangeDto' });

export type ClassifiedChange = Readonly<z.infer<typeof ClassifiedChange>>;
