import type {
  Binding,
  Delivery,
  ExchangeDeclaration,
  QueueDeclaration,
  QueueState,
  StreamDeclaration,
  Topology,
} from '../broker.port';
import { InMemoryQueue } from './in-memory-queue';
import { InMemoryStream } from './in-memory-stream';

interface InMemoryBinding {
  readonly queue: string;
  readonly binding: Binding;
  matches(routingKeys: readonly string[], headers: Headers): boolean;
}

type Headers = Readonly<Record<string, unknown>>;

/** Exchanges, queues and bindings in memory, and the routing of messages to queues. */
export class InMemoryTopology implements Topology {
  private readonly exchanges = new Map<string, { type: ExchangeDeclaration['type']; bindings: InMemoryBinding[] }>();
  private readonly queues = new Map<string, InMemoryQueue>();
  /** The declaration by which each queue was made. */
  private readonly declared = new Map<string, QueueDeclaration>();
  private readonly asDeclared = new Map<string, boolean>();

  constructor(private readonly deadLetter: (delivery: Delivery, declaration: QueueDeclaration) => void) {}

  async declareExchange({ name, type }: ExchangeDeclaration): Promise<void> {
    if (!this.exchanges.has(name)) this.exchanges.set(name, { type, bindings: [] });
  }

  async declareQueue(declaration: QueueDeclaration): Promise<void> {
    const { name, kind, isSingleActive, bindings = [] } = declaration;
    if (!this.queues.has(name)) {
      this.queues.set(name, new InMemoryQueue(declaration, (delivery) => this.deadLetter(delivery, declaration)));
      this.declared.set(name, declaration);
    }
    const first = this.declared.get(name);
    this.asDeclared.set(name, first?.kind === kind && first.isSingleActive === isSingleActive);
    for (const binding of bindings) this.bind(name, binding);
  }

  isAsDeclared(name: string): boolean | undefined {
    return this.asDeclared.get(name);
  }

  async declareStream(stream: StreamDeclaration): Promise<void> {
    if (!this.queues.has(stream.name)) this.queues.set(stream.name, new InMemoryStream(stream));
  }

  async removeBinding(queue: string, binding: Binding): Promise<void> {
    const declared = this.exchanges.get(binding.exchange);
    if (declared === undefined) return;
    declared.bindings = declared.bindings.filter((bound) => !isSame(bound, queue, binding));
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

  /** The queues that a message is routed to, each once; undefined if the exchange does not exist. */
  route(exchange: string, routingKeys: readonly string[], headers: Headers): InMemoryQueue[] | undefined {
    if (exchange === '') return routingKeys.flatMap((key) => this.queues.get(key) ?? []);
    const declared = this.exchanges.get(exchange);
    if (declared === undefined) return undefined;
    const names = declared.bindings.filter((bound) => bound.matches(routingKeys, headers)).map(({ queue }) => queue);
    return [...new Set(names)].flatMap((name) => this.queues.get(name) ?? []);
  }

  close(): void {
    for (const queue of this.queues.values()) queue.close();
  }

  private bind(queue: string, binding: Binding): void {
    const declared = this.exchanges.get(binding.exchange);
    if (declared === undefined) throw new Error(`Exchange "${binding.exchange}" does not exist`);
    if (declared.bindings.some((bound) => isSame(bound, queue, binding))) return;
    declared.bindings.push({ queue, binding, matches: matcherOf(declared.type, binding) });
  }
}

function isSame(bound: InMemoryBinding, queue: string, { routingKey, headers = {} }: Binding): boolean {
  const { binding } = bound;
  const isSameHeaders = JSON.stringify(binding.headers ?? {}) === JSON.stringify(headers);
  return bound.queue === queue && binding.routingKey === routingKey && isSameHeaders;
}

/** A fanout exchange matches every message, a headers exchange matches by headers, the others by routing key. */
function matcherOf(type: ExchangeDeclaration['type'], { routingKey, headers }: Binding): InMemoryBinding['matches'] {
  if (type === 'fanout') return () => true;
  if (type === 'headers') {
    return (_keys, given) => Object.entries(headers ?? {}).every(([name, value]) => given[name] === value);
  }
  const pattern = patternOf(type, routingKey);
  return (keys) => keys.some((key) => pattern.test(`.${key}`));
}

/** A direct exchange matches the exact key; in a topic exchange's key `*` is one word and `#` any number of words. */
function patternOf(type: 'direct' | 'topic', key: string): RegExp {
  const literal = (word: string) => word.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  if (type === 'direct') return new RegExp(`^\\.${literal(key)}$`);
  const words = key.split('.').map((word) => {
    if (word === '#') return '(\\.[^.]+)*';
    return word === '*' ? '\\.[^.]+' : `\\.${literal(word)}`;
  });
  return new RegExp(`^${words.join('')}$`);
}
