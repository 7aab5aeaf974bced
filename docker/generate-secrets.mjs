// Generates the secrets of this installation: node docker/generate-secrets.mjs FOLDER. Each container has its own
// folder in FOLDER, to be mounted into that container only. Existing secrets are kept.
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('Usage: node docker/generate-secrets.mjs FOLDER');

const generate = () => randomBytes(24).toString('base64url');

/** @param makeFiles receives a new secret; returns contents by their paths in the folder. */
function once(makeFiles) {
  const files = Object.entries(makeFiles(generate()));
  // If the last file exists, all were written, with the same secret.
  if (existsSync(join(folder, files.at(-1)[0]))) return;
  for (const [path, content] of files) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    // Readable by all: the server runs as another user in its own container, and only that container mounts this
    // folder.
    writeFileSync(file, `${content}\n`, { mode: 0o644 });
    console.log(`generated ${path}`);
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
