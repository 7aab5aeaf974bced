import { type AppModules, ownModules } from './nest-module';

/** The modules of all apps as one graph: a box per app, and modules that several apps share outside of the boxes. */
export function dotOf(apps: readonly AppModules[]): string {
  const own = apps.map(({ app, modules }) => ({ app, modules: ownModules(modules) }));
  const appsOf = new Map<string, string[]>();
  for (const { app, modules } of own) {
    for (const { name } of modules) appsOf.set(name, [...(appsOf.get(name) ?? []), app]);
  }
  const isShared = (name: string) => name !== 'AppModule' && (appsOf.get(name)?.length ?? 0) > 1;
  const idOf = (app: string, name: string) => JSON.stringify(isShared(name) ? name : `${app}/${name}`);
  const node = (app: string, name: string) =>
    `${idOf(app, name)} [label=${JSON.stringify(name === 'AppModule' ? app : name.replace(/Module$/, ''))}];`;
  const boxes = own.map(({ app, modules }) => [
    `subgraph ${JSON.stringify(`cluster_${app}`)} {`,
    `label=${JSON.stringify(app)};`,
    ...modules.filter(({ name }) => !isShared(name)).map(({ name }) => node(app, name)),
    '}',
  ]);
  const shared = [...appsOf.keys()].filter(isShared).map((name) => node('', name));
  const arrows = own.flatMap(({ app, modules }) =>
    modules.flatMap(({ name, imports }) => imports.map((imported) => `${idOf(app, name)} -> ${idOf(app, imported)};`)),
  );
  return [
    'digraph modules {',
    'rankdir=LR; fontname="Helvetica"; nodesep=0.12; ranksep=0.8;',
    'node [shape=box, style="rounded,filled", fillcolor="#f4f6fa", color="#9aa5b8", fontname="Helvetica", fontsize=11, height=0.3, margin="0.15,0.04"];',
    'edge [color="#9aa5b8", arrowsize=0.6];',
    ...boxes.flat(),
    ...shared,
    ...new Set(arrows),
    '}',
  ].join('\n');
}
