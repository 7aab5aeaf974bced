// Prints the OpenAPI document of a built app: `node tools/openapi/describe.mjs profile`.
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { previewOf } from '../preview.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const require = createRequire(import.meta.url);
const [app] = process.argv.slice(2);
const { describeApp } = require('@dbem/http');
const { DESCRIPTION } = require(`${root}dist/apps/${app}/description.js`);

const document = describeApp(await previewOf(app), DESCRIPTION);
process.stdout.write(`${JSON.stringify(document, null, 2)}\n`, () => process.exit(0));
