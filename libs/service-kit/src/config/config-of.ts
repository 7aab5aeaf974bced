import { z } from 'zod';
import { readConfig } from './read-config';

type Values<Shape extends z.ZodRawShape> = Readonly<z.infer<z.ZodObject<Shape>>>;

/** Validates variables together, after each has been validated separately. */
export type CrossFieldCheck<Shape extends z.ZodRawShape> = (values: Values<Shape>, context: z.RefinementCtx) => void;

/** A part of an app's configuration: a class that is also its injection token; see `configOf`. */
export interface ConfigClass<Config extends object = object> {
  readonly name: string;
  readonly variables: z.ZodRawShape;
  // biome-ignore lint/suspicious/noExplicitAny: a list contains classes of several shapes.
  readonly check: CrossFieldCheck<any> | undefined;
  // biome-ignore lint/suspicious/noExplicitAny: see above.
  new (values: any): Config;
}

/**
 * Makes the base of a configuration class with the variables of one feature: `class AccessConfig extends configOf({ …
 * }) {}`. The class is injected by its type and has a property for each variable.
 */
export function configOf<Shape extends z.ZodRawShape>(
  variables: Shape,
  check?: CrossFieldCheck<Shape>,
): ConfigClass<Values<Shape>> {
  class Config {
    static readonly variables = variables;
    static readonly check = check;

    constructor(values: Values<Shape>) {
      for (const name of Object.keys(variables)) Object.assign(this, { [name]: values[name as keyof Values<Shape>] });
    }
  }
  return Config as unknown as ConfigClass<Values<Shape>>;
}

/** Reads a single configuration class. @throws DbEventError CONFIGURATION_INVALID, see `readConfig` */
export function configFrom<Config extends object>(
  Config: ConfigClass<Config>,
  environment: NodeJS.ProcessEnv = {},
): Config {
  return new Config(readConfig(schemaOf([Config]), environment));
}

/** The schema of all variables of several classes. */
export function schemaOf(configs: readonly ConfigClass[]): z.ZodObject {
  return z
    .object(Object.assign({}, ...configs.map(({ variables }) => variables)) as z.ZodRawShape)
    .superRefine((values, context) => {
      for (const { check } of configs) check?.(values, context);
    });
}
