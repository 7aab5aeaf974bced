#!/usr/bin/env node
// The command `dbem`. Its sources are TypeScript, which tsx loads; the libraries that it uses are built by `npm install`.
import 'tsx';

const { main } = await import('./main.ts');
process.exitCode = await main(process.argv.slice(2));
