import { ACL, type Client, Exception, Id, Permission, type Stat } from 'node-zookeeper-client';

const EVERYBODY = new Id('world', 'anyone');

export interface Node {
  readonly data: Buffer;
  readonly stat: Stat;
}

/** Reads and writes nodes directly, not through a manager. */
export class ZooKeeperNodes {
  constructor(private readonly client: Client) {}

  /** Undefined if there is no such node. */
  read(path: string): Promise<Node | undefined> {
    return new Promise((resolve, reject) => {
      this.client.getData(path, (error, data, stat) => {
        if (error instanceof Exception && error.getCode() === Exception.NO_NODE) resolve(undefined);
        else if (error) reject(error);
        else resolve({ data: data ?? Buffer.alloc(0), stat });
      });
    });
  }

  async create(path: string, data: Buffer | string = '', permission = Permission.ALL): Promise<void> {
    const acl = [new ACL(permission, EVERYBODY)];
    await done<string>((callback) => this.client.create(path, Buffer.from(data), acl, callback));
  }

  /** False if it existed already. */
  async createIfMissing(path: string, data: Buffer | string): Promise<boolean> {
    return unless(Exception.NODE_EXISTS, this.create(path, data));
  }

  async write(path: string, data: Buffer | string): Promise<void> {
    await done<Stat>((callback) => this.client.setData(path, Buffer.from(data), callback));
  }

  async remove(path: string): Promise<void> {
    await done<undefined>((callback) => this.client.remove(path, (error) => callback(error, undefined)));
  }

  /** False if it did not exist. */
  async removeIfThere(path: string): Promise<boolean> {
    return unless(Exception.NO_NODE, this.remove(path));
  }

  /** Sorted. */
  async children(path: string): Promise<string[]> {
    return (await done<string[]>((callback) => this.client.getChildren(path, callback))).sort();
  }
}

type Callback<Result> = (error: Error | Exception | null, result: Result) => void;

function done<Result>(act: (callback: Callback<Result>) => void): Promise<Result> {
  return new Promise((resolve, reject) => {
    act((error, result) => (error === null || error === undefined ? resolve(result) : reject(error)));
  });
}

async function unless(code: number, act: Promise<void>): Promise<boolean> {
  try {
    await act;
    return true;
  } catch (error) {
    if (error instanceof Exception && error.getCode() === code) return false;
    throw error;
  }
}
