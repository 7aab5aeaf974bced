import { Connection } from 'pg';

/** What the library's connection is, beyond its types. */
export interface ConnectionInternals extends Connection {
  /** Texts by name: what the server has parsed, and what has been sent to it for that. */
  parsedStatements: Record<string, string>;
  submittedNamedStatements: Record<string, string>;
  /** Writes to the socket. */
  _send(bytes: Buffer): void;
}

/**
 * What queries that send themselves take for their connection: it gathers their bytes, without a `Sync` behind each, and sends them
 * in one write. One is kept for each connection: to make an object over the connection each time cost a writer more of its CPU
 * time than to encode the change.
 */
export class GatheringConnection {
  private static readonly all = new WeakMap<Connection, GatheringConnection>();
  private readonly face: ConnectionInternals = Object.create(Connection.prototype);
  private gathered: Buffer[] = [];

  private constructor(private readonly connection: ConnectionInternals) {
    this.face.parsedStatements = connection.parsedStatements;
    this.face.submittedNamedStatements = connection.submittedNamedStatements;
    this.face.sync = () => {};
    this.face._send = (bytes) => {
      this.gathered.push(bytes);
    };
  }

  static over(connection: Connection): GatheringConnection {
    let gathering = GatheringConnection.all.get(connection);
    if (gathering === undefined) {
      gathering = new GatheringConnection(connection as ConnectionInternals);
      GatheringConnection.all.set(connection, gathering);
    }
    return gathering;
  }

  /** Sends what `write` sends to the connection that it is handed, and a `Sync`. */
  send(write: (connection: Connection) => void): void {
    this.gathered = [];
    write(this.face);
    Connection.prototype.sync.call(this.face);
    this.connection._send(Buffer.concat(this.gathered));
    this.gathered = [];
  }
}
