/** A module of a Nest application, as its container knows it. */
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

/** What Nest and its packages bring, which says nothing about us. */
const OF_NEST = /^(Internal|Terminus|Discovery|Throttler|Logger|Config|Inject)/;

/**
 * Our modules, and of what each imports only those. Nest has every module import every global one: these arrows are left to the
 * app's own module.
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
