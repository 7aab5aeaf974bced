import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { findWords, longComments } from './words/find-words';

/** `[PATH…]`: checks the words of these files and folders (default: all). Exits with 1 if it finds something. */
const banned = JSON.parse(readFileSync('tools/words/words.json', 'utf8'));
const TEXTS = /\.(ts|tsx|mts|mjs|cjs|js|md|css|html|yml|yaml|sh|thrift|sql|pml)$|(^|\/)(Dockerfile|\.env\.example)$/;
const NOT_OURS = /(^|\/)generated\/|^docs\/openapi\//;

const listed = spawnSync('git', ['ls-files', '-co', '--exclude-standard', '--', ...process.argv.slice(2)], {
  encoding: 'utf8',
});
if (listed.status !== 0) throw new Error(`git ls-files failed: ${listed.stderr}`);
const files = listed.stdout.split('\n').filter((file) => TEXTS.test(file) && !NOT_OURS.test(file) && existsSync(file));

let count = 0;
for (const file of files) {
  const text = readFileSync(file, 'utf8');
  for (const { line, found, use } of findWords(file, text, banned)) {
    console.log(`${file}:${line}: "${found}": use ${use}`);
    count += 1;
  }
  if (file.endsWith('.md')) continue;
  for (const line of longComments(text)) {
    console.log(`${file}:${line}: a comment ends past column 120`);
    count += 1;
  }
}
console.log(`${files.length} files, ${count} findings`);
process.exitCode = count > 0 ? 1 : 0;
