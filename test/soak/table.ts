import { readFileSync } from 'node:fs';
import { renderTable } from './report/render-table';
import type { SoakResult } from './report/result';

// npm run soak:table -- .local/soak/soak-1.json .local/soak/soak-2.json
const files = process.argv.slice(2);
if (files.length === 0) {
  console.error('Usage: npm run soak:table -- <JSON result of a soak> …');
  process.exit(1);
}
console.log(renderTable(files.map((file) => JSON.parse(readFileSync(file, 'utf8')) as SoakResult)));
