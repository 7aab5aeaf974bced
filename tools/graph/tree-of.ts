import { type NestModule, ownModules } from './nest-module';

/** An app's modules as a tree of imports. A module that was already printed is named without its imports. */
export function treeOf(app: string, all: readonly NestModule[]): string {
  const modules = new Map(ownModules(all).map((module) => [module.name, module]));
  const shown = new Set<string>();
  const lines = [app];
  const show = (name: string, indent: string) => {
    const module = modules.get(name);
    if (module === undefined) return;
    const notes = [...(module.isGlobal ? ['global'] : []), ...module.controllers];
    const again = shown.has(name) ? ' …' : '';
    lines.push(`${indent}${name}${notes.length > 0 && again === '' ? ` (${notes.join(', ')})` : ''}${again}`);
    if (again !== '') return;
    shown.add(name);
    for (const imported of module.imports) show(imported, `${indent}  `);
  };
  show('AppModule', '  ');
  return `${lines.join('\n')}\n`;
}
