// Generates the admin API's types, for the console and the command line, from its OpenAPI document; with --check fails
// if they are out of date.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import openapiTS, { astToString } from 'openapi-typescript';

const DOCUMENT = new URL('../../docs/openapi/event-manager.json', import.meta.url);
const TARGET = new URL('../../docs/openapi/event-manager.d.ts', import.meta.url);

const schema = JSON.parse(readFileSync(DOCUMENT, 'utf8'));
const code = `// Generated from docs/openapi/event-manager.json by npm run openapi. Do not edit.\n${astToString(
  await openapiTS(schema, { alphabetize: true, defaultNonNullable: false }),
)}`;

if (process.argv.includes('--check')) {
  if (contentOf(TARGET) === code) console.log('The admin API’s types are up to date.');
  else {
    console.error('The admin API’s types differ from the OpenAPI document: run "npm run openapi".');
    process.exitCode = 1;
  }
} else {
  mkdirSync(new URL('.', TARGET), { recursive: true });
  writeFileSync(TARGET, code);
  console.log(`Wrote ${fileURLToPath(TARGET)}.`);
}

function contentOf(url) {
  try {
    return readFileSync(url, 'utf8');
  } catch {
    return undefined;
  }
}
