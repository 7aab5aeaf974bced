// Prints the Nest modules of a built app as JSON, without starting it: `node tools/graph/modules-of.mjs profile`.
import { createRequire } from 'node:module';
import { previewOf } from '../preview.mjs';

const require = createRequire(import.meta.url);
const { ModulesContainer } = require('@nestjs/core');
const [app] = process.argv.slice(2);
const application = await previewOf(app);

const named = (tokens) => [...tokens].map((token) => (typeof token === 'function' ? token.name : String(token)));
const modules = [...application.get(ModulesContainer).values()].map((module) => ({
  name: module.metatype.name,
  isGlobal: module.isGlobal,
  imports: [...new Set([...module.imports].map(({ metatype }) => metatype.name))],
  controllers: named(module.controllers.keys()),
  exports: named(module.exports),
}));
process.stdout.write(`${JSON.stringify(modules)}\n`, () => process.exit(0));
