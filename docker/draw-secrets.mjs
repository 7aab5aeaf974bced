// Draws what only this installation must know, once: node docker/draw-secrets.mjs FOLDER. Each part gets a folder of its own in
// FOLDER, to be mounted into it and into nothing else. What is there stays.
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('Say where: node docker/draw-secrets.mjs FOLDER');

const draw = () => randomBytes(24).toString('base64url');

/** @param makeFiles gets a fresh secret; files by their paths in the folder. */
function once(makeFiles) {
  const files = Object.entries(makeFiles(draw()));
  // The last file is written last: if it is there, all are, and of one draw.
  if (existsSync(join(folder, files.at(-1)[0]))) return;
  for (const [path, content] of files) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    // The server that reads it is another user in a container of its own; nobody else has this folder.
    writeFileSync(file, `${content}\n`, { mode: 0o644 });
    console.log(`drew ${path}`);
  }
}

once((password) => ({
  'rabbitmq/rabbitmq.conf': `default_user = admin\ndefault_pass = ${password}`,
  'provision/management-url': `http://admin:${password}@rabbitmq:15672`,
}));
for (const service of ['profile', 'sharing', 'registry']) {
  once((password) => ({
    [`${service}-db/password`]: password,
    [`${service}/database-url`]: `postgres://${service}:${password}@${service}-db:5432/${service}`,
  }));
  once((token) => ({ [`${service}/service-token`]: token }));
}
once((token) => ({ 'event-manager/admin-token': token }));
once((password) => ({ 'event-manager/zookeeper-auth': `event-manager:${password}` }));
