/** A module in a Nest application's container. */
export interface NestModule {
  readonly name: string;
  readonly isGlobal: boolean;
  readonly imports: readonly string[];
  readonly controllers: readonly string[];
  readonly exports: readonly string[];
}

export interface AppModules {
  readonly app: string;
  readonly modules: readonly NestModule[];
}

/** Modules of Nest and its packages. */
const OF_NEST = /^(Internal|Terminus|Discovery|Throttler|Logger|Config|Inject)/;

/**
 * Only our modules and the imports between them. Nest imports every global module into every module; these imports are
 * kept for the app's root module only.
 */
export function ownModules(modules: readonly NestModule[]): NestModule[] {
  const isOurs = (name: string) => !OF_NEST.test(name);
  const globals = new Set(modules.filter(({ isGlobal }) => isGlobal).map(({ name }) => name));
  return modules
    .filter(({ name }) => isOurs(name))
    .map((module) => ({
      ...module,
      imports: module.imports.filter((name) => isOurs(name) && (module.name === 'AppModule' || !globals.has(name))),
    }));
}
