import { z } from 'zod';

/** No reader; the readers of that field; all readers of the struct or the enum. */
const BREAKS = ['nobody', 'readers of the field', 'all readers'] as const;

/** A change between two schemas, and the readers that it breaks. */
export const ClassifiedChange = z
  .object({
    path: z.string().meta({ example: 'UserProfile.emails' }),
    what: z.string().meta({ example: 'required field 5 was removed' }),
    rule: z
      .string()
      .meta({ description: 'Name of the rule in docs/how-to/change-an-entity.md.', example: 'required-removed' }),
    breaks: z.enum(BREAKS),
    isCompatible: z.boolean(),
    breaksSubscribers: z.array(z.string()).describe('The known subscribers that the change would break.'),
  })
  .meta({ id: 'SchemaChangeDto' });

export type ClassifiedChange = Readonly<z.infer<typeof ClassifiedChange>>;
