import { readFileSync, statSync } from 'node:fs';
import { DbEventError } from '@dbem/db-event';
import { Log } from '@dbem/runtime';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { AccessConfig } from './access.config';
import { type StaticToken, StaticTokens } from './static-tokens';
import { tokenFileSchema } from './token-file.schema';

const CHECK_INTERVAL_MS = 1_000;

/**
 * Authenticates by the tokens of `ADMIN_TOKENS_FILE`, if it is set. A change of the file takes effect within a
 * second, without a restart. If the changed file can't be read, this logs an error and keeps the previous tokens.
 */
@Injectable()
export class TokenFile extends StaticTokens {
  private readonly path: string | undefined;
  private current: readonly StaticToken[];
  private readState: string;
  private checkedAtMs = Date.now();

  /** @throws DbEventError CONFIGURATION_INVALID if the file can't be read at start-up. */
  constructor(
    { ADMIN_TOKENS_FILE: path }: AccessConfig,
    private readonly log: Log,
  ) {
    super();
    this.path = path;
    this.readState = path === undefined ? '' : stateOf(path);
    this.current = path === undefined ? [] : readTokens(path);
  }

  protected get tokens(): readonly StaticToken[] {
    if (this.path !== undefined && Date.now() - this.checkedAtMs >= CHECK_INTERVAL_MS) this.reload(this.path);
    return this.current;
  }

  private reload(path: string): void {
    this.checkedAtMs = Date.now();
    const state = stateOf(path);
    if (state === this.readState) return;
    this.readState = state;
    try {
      this.current = readTokens(path);
      this.log.info({ tokens: this.current.map(({ name, role }) => ({ name, role })) }, 'reloaded the admin tokens');
    } catch (error) {
      this.log.error({ err: error }, 'could not reload the admin tokens; the previous ones stay valid');
    }
  }
}

/** A fingerprint that changes with the file. */
function stateOf(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat === undefined ? 'missing' : `${stat.mtimeMs} ${stat.size} ${stat.ino}`;
}

function readTokens(path: string): readonly StaticToken[] {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw invalid(`can't be read: ${(error as Error).message}`, error);
  }
  const { success, data, error } = tokenFileSchema.safeParse(content);
  if (!success) throw invalid(z.prettifyError(error));
  const names = new Set(data.tokens.map(({ name }) => name));
  if (names.size < data.tokens.length) throw invalid('two tokens have the same name');
  return data.tokens.map(({ name, role, sha256 }) => ({ name, role, hash: Buffer.from(sha256, 'hex') }));
}

function invalid(fault: string, cause?: unknown): DbEventError {
  return new DbEventError('CONFIGURATION_INVALID', `ADMIN_TOKENS_FILE: ${fault}`, { cause });
}
