import { type ClientBase, type Connection, Query, type QueryResult } from 'pg';
import { type ConnectionInternals, GatheringConnection } from './gathering-connection';

export interface Statement {
  /** Prepared under this name, once a connection. */
  readonly name?: string;
  readonly text: string;
  readonly values?: unknown[];
}

/**
 * Sends statements in one go, with one `Sync` behind the last: the server answers them together, and after one that fails it
 * does none of those behind it. So BEGIN can go ahead of a statement that must not run outside its transaction, and COMMIT
 * behind one that may fail, without a round trip of their own.
 *
 * A transaction that one of them began, or that was under way, is still open if a later one failed: roll it back.
 *
 * @returns their results, in the same order.
 * @throws the database's error of the first that failed.
 */
export function queryTogether<const Statements extends readonly Statement[]>(
  client: ClientBase,
  statements: Statements,
): Promise<ResultsOf<Statements>> {
  return new Promise((resolve, reject) => {
    client.query(
      new QueryGroup(statements, (error, results) => {
        if (error === undefined) resolve(results as ResultsOf<Statements>);
        else reject(error);
      }),
    );
  });
}

/** One result for each statement. */
type ResultsOf<Statements extends readonly Statement[]> = { -readonly [Index in keyof Statements]: QueryResult };

type Callback = (error: Error | null | undefined) => void;

/** What the library's queries do, beyond its types: each sends itself, and takes what the server answers. */
interface QueryInternals {
  name?: string | undefined;
  text: string;
  callback: Callback;
  readonly _result: { _types: unknown };
  readonly _results: QueryResult;
  prepare(connection: Connection): void;
  handleRowDescription(message: unknown): void;
  handleDataRow(message: unknown): void;
  handleCommandComplete(message: unknown, connection: Connection): void;
  handleReadyForQuery(connection: Connection): void;
}

/**
 * The library sends a `Sync` behind each of its queries, and so the server goes on after one that failed. This one is several of
 * them: it has each send itself over a connection that keeps the `Sync` back, and hands each answer on to the one whose turn it is.
 * To the library it bears that one's name and text, by which it notes what has been prepared.
 *
 *   sent -(all are answered)-> done
 *   sent -(one fails)-> failed, with all behind it
 */
class QueryGroup extends Query {
  private readonly queries: readonly QueryInternals[];
  private turn = 0;
  private fault: Error | undefined;

  constructor(statements: readonly Statement[], callback: (error: Error | undefined, results: QueryResult[]) => void) {
    super('');
    this.queries = statements.map(queryOf);
    for (const query of this.queries) query.callback = (error) => this.note(error);
    this.own.callback = (error) => callback(error ?? undefined, this.results());
    this.take(0);
  }

  override submit = (connection: Connection): void => {
    GatheringConnection.over(connection).send((gathering) => {
      for (const query of this.queries) {
        // Values that can't be sent: what is ahead of them is done, nothing behind.
        if (this.fault !== undefined) break;
        query._result._types = this.own._result._types;
        query.prepare(gathering);
      }
    });
  };

  handleRowDescription(message: unknown): void {
    this.current?.handleRowDescription(message);
  }

  handleDataRow(message: unknown): void {
    this.current?.handleDataRow(message);
  }

  handleCommandComplete(message: unknown, connection: Connection): void {
    this.current?.handleCommandComplete(message, connection);
    this.take(this.turn + 1);
  }

  handleEmptyQuery(): void {
    this.take(this.turn + 1);
  }

  handleReadyForQuery(connection: Connection): void {
    // Each says now what it could not make of its rows.
    for (const query of this.queries) query.handleReadyForQuery(connection);
    this.own.callback(this.fault);
  }

  handleError(error: Error, connection: Connection): void {
    const { submittedNamedStatements } = connection as ConnectionInternals;
    for (const { name } of this.queries.slice(this.turn)) {
      if (name !== undefined) delete submittedNamedStatements[name];
    }
    this.own.callback(error);
  }

  private results(): QueryResult[] {
    return this.queries.map(({ _results }) => _results);
  }

  private note(error: Error | null | undefined): void {
    this.fault ??= error ?? undefined;
  }

  private take(turn: number): void {
    this.turn = turn;
    this.own.name = this.current?.name;
    this.own.text = this.current?.text ?? '';
  }

  private get current(): QueryInternals | undefined {
    return this.queries[this.turn];
  }

  private get own(): QueryInternals {
    return internalsOf(this);
  }
}

/** From a text and values: of an object the library first makes a copy, property by property, which costs more than all else here. */
function queryOf({ name, text, values }: Statement): QueryInternals {
  const query = internalsOf(new Query(text, values));
  query.name = name;
  return query;
}

function internalsOf(query: Query): QueryInternals {
  return query as unknown as QueryInternals;
}
