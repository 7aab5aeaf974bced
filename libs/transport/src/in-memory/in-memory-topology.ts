import type { Delivery, ExchangeDeclaration, QueueDeclaration, QueueState, Topology } from '../broker.port';
import { InMemoryQueue } from './in-memory-queue';

interface Binding {
  readonly queue: string;
  readonly pattern: RegExp;
}

/** Exchanges, queues and bindings in memory, and which queues a message reaches. */
export class InMemoryTopology implements Topology {
  private readonly exchanges = new Map<string, { type: ExchangeDeclaration['type']; bindings: Binding[] }>();
  private readonly queues = new Map<string, InMemoryQueue>();

  constructor(private readonly deadLetter: (delivery: Delivery, declaration: QueueDeclaration) => void) {}

  async declareExchange({ name, type }: ExchangeDeclaration): Promise<void> {
    if (!this.exchanges.has(name)) this.exchanges.set(name, { type, bindings: [] });
  }

  async declareQueue(declaration: QueueDeclaration): Promise<void> {
    const { name, bindings = [] } = declaration;
    if (!this.queues.has(name)) {
      this.queues.set(name, new InMemoryQueue(declaration, (delivery) => this.deadLetter(delivery, declaration)));
    }
    for (const { exchange, routingKey } of bindings) this.bind(name, exchange, routingKey);
  }

  async deleteQueue(name: string): Promise<void> {
    this.queues.get(name)?.close();
    this.queues.delete(name);
    for (const exchange of this.exchanges.values()) {
      exchange.bindings = exchange.bindings.filter(({ queue }) => queue !== name);
    }
  }

  async inspectQueue(name: string): Promise<QueueState | undefined> {
    return this.queues.get(name)?.state;
  }

  queue(name: string): InMemoryQueue | undefined {
    return this.queues.get(name);
  }

  /** Each queue once; undefined if there is no such exchange. */
  route(exchange: string, routingKeys: readonly string[]): InMemoryQueue[] | undefined {
    if (exchange === '') return routingKeys.flatMap((key) => this.queues.get(key) ?? []);
    const declared = this.exchanges.get(exchange);
    if (declared === undefined) return undefined;
    const names = declared.bindings
      .filter(({ pattern }) => routingKeys.some((key) => pattern.test(`.${key}`)))
      .map(({ queue }) => queue);
    return [...new Set(names)].flatMap((name) => this.queues.get(name) ?? []);
  }

  close(): void {
    for (const queue of this.queues.values()) queue.close();
  }

  private bind(queue: string, exchange: string, routingKey: string): void {
    const declared = this.exchanges.get(exchange);
    if (declared === undefined) throw new Error(`There is no exchange ${exchange}`);
    const pattern = patternOf(declared.type, routingKey);
    const isBound = declared.bindings.some((bound) => bound.queue === queue && bound.pattern.source === pattern.source);
    if (!isBound) declared.bindings.push({ queue, pattern });
  }
}

/** What a binding key matches: anything at a fan-out exchange; at a topic exchange `*` is one word and `#` any number. */
function patternOf(type: ExchangeDeclaration['type'], key: string): RegExp {
  if (type === 'fanout') return /^/;
  const literal = (word: string) => word.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  if (type === 'direct') return new RegExp(`^\\.${literal(key)}$`);
  const words = key.split('.').map((word) => {
    if (word === '#') return '(\\.[^.]+)*';
    return word === '*' ? '\\.[^.]+' : `\\.${literal(word)}`;
  });
  return new RegExp(`^${words.join('')}$`);
}
