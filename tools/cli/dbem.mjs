#!/usr/bin/env node
// The command `dbem`. Its sources are TypeScript, loaded by tsx; `npm install` builds the libraries that it imports.
import 'tsx';

const { main } = await import('./main.ts');
process.exitCode = await main(process.argv.slice(2));
