/** The fields of a user event that an upsert needs. */
export interface UserEvent {
  publisher: string;
  entityId: string;
  version: string;
  userId: string;
  gatewayId: string;
  firstName: string;
  lastName: string;
  email: string | null;
}

/** The Thrift types in a user event. */
const STOP = 0;
const STRING = 11;
const STRUCT = 12;
const LIST = 15;

/** Size of the fixed-size types, bytes. */
const SIZES: Readonly<Record<number, number>> = { 2: 1, 3: 1, 4: 8, 6: 2, 8: 4, 10: 8 };

/** Reads only the needed fields directly from the bytes and skips the others, without any checks. */
export function readUserEvent(bytes: Buffer): UserEvent {
  return new Walk(bytes).readMessage();
}

class Walk {
  private at = 0;

  constructor(private readonly bytes: Buffer) {}

  readMessage(): UserEvent {
    const event: UserEvent = {
      publisher: '',
      entityId: '',
      version: '0',
      userId: '',
      gatewayId: '',
      firstName: '',
      lastName: '',
      email: null,
    };
    this.fields((id) => {
      if (id !== 1) return false;
      this.at += 4;
      this.fields((inner) => {
        if (inner === 2) this.fields(() => this.publisher(event));
        else if (inner === 3) event.publisher = this.text();
        else return false;
        return true;
      });
      return true;
    });
    return event;
  }

  /** The context's only field, a DBEventPublisher, whose only field is its context. */
  private publisher(event: UserEvent): boolean {
    this.fields(() => {
      this.fields((id) => {
        if (id === 3) {
          this.at += 4;
          this.user(event);
        } else if (id === 102) event.entityId = this.text();
        else if (id === 103) {
          event.version = String(this.bytes.readBigInt64BE(this.at));
          this.at += 8;
        } else return false;
        return true;
      });
      return true;
    });
    return true;
  }

  private user(event: UserEvent): void {
    this.fields((id) => {
      if (id === 3) event.userId = this.text();
      else if (id === 4) event.gatewayId = this.text();
      else if (id === 5) event.email = this.firstText();
      else if (id === 6) event.firstName = this.text();
      else if (id === 7) event.lastName = this.text();
      else return false;
      return true;
    });
  }

  private fields(take: (id: number) => boolean): void {
    for (;;) {
      const type = this.bytes[this.at++] as number;
      if (type === STOP) return;
      const id = this.bytes.readInt16BE(this.at);
      this.at += 2;
      if (!take(id)) this.skip(type);
    }
  }

  private text(): string {
    const size = this.bytes.readInt32BE(this.at);
    const start = this.at + 4;
    this.at = start + size;
    return this.bytes.toString('utf8', start, this.at);
  }

  private firstText(): string | null {
    const count = this.bytes.readInt32BE(this.at + 1);
    this.at += 5;
    const first = count > 0 ? this.text() : null;
    for (let index = 1; index < count; index += 1) this.skip(STRING);
    return first;
  }

  private skip(type: number): void {
    if (type === STRING) this.at += 4 + this.bytes.readInt32BE(this.at);
    else if (type === STRUCT) this.fields(() => false);
    else if (type === LIST) {
      const element = this.bytes[this.at] as number;
      const count = this.bytes.readInt32BE(this.at + 1);
      this.at += 5;
      for (let index = 0; index < count; index += 1) this.skip(element);
    } else this.at += SIZES[type] ?? 0;
  }
}
