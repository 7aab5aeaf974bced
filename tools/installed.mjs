import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const MARK = 'node_modules/.installed-from';

/** Whether node_modules was installed from the current lock file. */
export function installedMatchesLock(root) {
  const mark = join(root, MARK);
  return existsSync(mark) && readFileSync(mark, 'utf8') === hashOfLock(root);
}

export function rememberInstalled(root) {
  writeFileSync(join(root, MARK), hashOfLock(root));
}

function hashOfLock(root) {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
}
