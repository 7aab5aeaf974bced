import type { RegisteredSchema, SchemaKey, SchemaVersion } from './registered-schema';

/** A `SchemaStore` in memory, for tests. */
export class InMemorySchemaStore {
  private readonly schemas: RegisteredSchema[] = [];

  async start(): Promise<void> {}
  async stop(): Promise<void> {}

  async versions(): Promise<SchemaVersion[]> {
    return [...this.schemas].reverse();
  }

  async find({ publisher, entityType }: SchemaKey, version?: number): Promise<RegisteredSchema | undefined> {
    return this.schemas.findLast(
      (one) => one.publisher === publisher && one.entityType === entityType && (version ?? one.version) === one.version,
    );
  }

  async register(schema: Omit<RegisteredSchema, 'version'>) {
    const newest = await this.find(schema);
    const fresh: RegisteredSchema = { ...schema, version: (newest?.version ?? 0) + 1 };
    this.schemas.push(fresh);
    return { schema: fresh, isNew: true };
  }
}
