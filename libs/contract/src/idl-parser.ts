import type { IdlFile, WrittenField, WrittenStruct, WrittenType } from './idl-file';
import { type IdlToken, invalid, tokensOf } from './idl-tokens';
import type { Enum } from './schema';

/** Prevents a stack overflow. */
const MAX_NESTING = 32;

/** Parses one IDL file, without the files that it includes. @throws DbEventError SCHEMA_INVALID with file and line */
export function parseIdl(text: string, file: string): IdlFile {
  return new IdlParser(tokensOf(text, file), file).parse();
}

/** A recursive descent parser. Skips constants and services, which are not part of a schema. */
class IdlParser {
  private place = 0;
  private readonly includes: string[] = [];
  private readonly typedefs = new Map<string, WrittenType>();
  private readonly structs: WrittenStruct[] = [];
  private readonly enums: Enum[] = [];

  constructor(
    private readonly tokens: readonly IdlToken[],
    private readonly file: string,
  ) {}

  parse(): IdlFile {
    while (this.peek() !== undefined) this.definition();
    const { includes, typedefs, structs, enums } = this;
    return { includes, typedefs, structs, enums };
  }

  private definition(): void {
    const token = this.next('word', 'a definition');
    switch (token.text) {
      case 'include':
        this.includes.push(this.next('text', 'a file').text);
        break;
      case 'cpp_include':
        this.next('text', 'a file');
        break;
      case 'namespace':
        if (!this.accept('*')) this.next('word', 'a language');
        this.place += 1;
        this.annotations();
        break;
      case 'typedef': {
        const type = this.type();
        this.typedefs.set(this.next('word', 'a name').text, type);
        break;
      }
      case 'const':
        this.type();
        this.next('word', 'a name');
        this.expect('=');
        this.value();
        break;
      case 'enum':
        this.enums.push(this.enumeration());
        break;
      case 'struct':
      case 'exception':
      case 'union':
        this.structs.push(this.struct(token.text === 'union'));
        break;
      case 'service':
        this.next('word', 'a name');
        if (this.acceptWord('extends')) this.next('word', 'a name');
        this.block();
        break;
      default:
        throw this.fault(token, `"${token.text}" does not start a definition`);
    }
    this.annotations();
    this.separator();
  }

  private enumeration(): Enum {
    const { text: name } = this.next('word', 'a name');
    const members: { name: string; value: number }[] = [];
    this.expect('{');
    let next = 0;
    while (!this.accept('}')) {
      const member = this.next('word', 'a value’s name').text;
      const value = this.accept('=') ? this.integer() : next;
      members.push({ name: member, value });
      next = value + 1;
      this.annotations();
      this.separator();
    }
    return { name, members };
  }

  private struct(isUnion: boolean): WrittenStruct {
    const { text: name } = this.next('word', 'a name');
    const fields: WrittenField[] = [];
    this.acceptWord('xsd_all');
    this.expect('{');
    // Like the Thrift compiler: fields without an id get -1, -2, and so on.
    let nextImplicit = -1;
    while (!this.accept('}')) {
      const field = this.field(nextImplicit);
      if (field.id === nextImplicit) nextImplicit -= 1;
      if (fields.some(({ id }) => id === field.id)) {
        throw this.fault(this.tokens[this.place - 1], `${name} has two fields with the id ${field.id}`);
      }
      fields.push(field);
    }
    return { name, isUnion, fields: fields.sort((left, right) => left.id - right.id) };
  }

  private field(implicitId: number): WrittenField {
    let id = implicitId;
    if (this.peek()?.kind === 'number') {
      id = this.integer();
      this.expect(':');
    }
    const isRequired = this.acceptWord('required');
    if (!isRequired) this.acceptWord('optional');
    const type = this.type();
    this.accept('&');
    const { text: name } = this.next('word', 'a field’s name');
    if (this.accept('=')) this.value();
    this.annotations();
    this.separator();
    return { id, name, isRequired, type };
  }

  private type(depth = 0): WrittenType {
    const token = this.next('word', 'a type');
    if (depth > MAX_NESTING) throw this.fault(token, 'types are nested too deeply');
    const type = this.typeNamed(token, depth);
    this.annotations();
    return type;
  }

  private typeNamed({ text, line }: IdlToken, depth: number): WrittenType {
    if (text !== 'list' && text !== 'set' && text !== 'map') return { kind: 'name', name: text, line };
    if (this.acceptWord('cpp_type')) this.next('text', 'a type');
    this.expect('<');
    const first = this.type(depth + 1);
    if (text !== 'map') {
      this.expect('>');
      if (this.acceptWord('cpp_type')) this.next('text', 'a type');
      return { kind: text, element: first };
    }
    this.expect(',');
    const value = this.type(depth + 1);
    this.expect('>');
    return { kind: 'map', key: first, value };
  }

  /** Skips the value of a constant or a default, which is not on the wire. */
  private value(depth = 0): void {
    const token = this.tokens[this.place];
    if (token === undefined || depth > MAX_NESTING) throw this.fault(token, 'a value is missing, or nested too deeply');
    this.place += 1;
    if (token.kind !== 'sign') return;
    const end = token.text === '[' ? ']' : token.text === '{' ? '}' : undefined;
    if (end === undefined) throw this.fault(token, `"${token.text}" is not a value`);
    while (!this.accept(end)) {
      this.value(depth + 1);
      if (end === '}') {
        this.expect(':');
        this.value(depth + 1);
      }
      this.separator();
    }
  }

  /** Skips from `{` to the matching `}`. */
  private block(): void {
    this.expect('{');
    for (let depth = 1; depth > 0; this.place += 1) {
      const token = this.tokens[this.place];
      if (token === undefined) throw this.fault(token, 'a "}" is missing');
      if (token.kind === 'sign' && token.text === '{') depth += 1;
      if (token.kind === 'sign' && token.text === '}') depth -= 1;
    }
  }

  private annotations(): void {
    if (!this.accept('(')) return;
    while (!this.accept(')')) {
      this.next('word', 'an annotation');
      if (this.accept('=')) this.next('text', 'an annotation’s text');
      this.separator();
    }
  }

  private separator(): void {
    if (!this.accept(',')) this.accept(';');
  }

  private integer(): number {
    const token = this.next('number', 'a number');
    const value = Number(token.text.replace(/^\+/, ''));
    if (!Number.isInteger(value)) throw this.fault(token, `${token.text} is not an integer`);
    return value;
  }

  private peek(): IdlToken | undefined {
    return this.tokens[this.place];
  }

  private next(kind: IdlToken['kind'], what: string): IdlToken {
    const token = this.tokens[this.place];
    if (token?.kind !== kind) throw this.fault(token, `${what} is missing`);
    this.place += 1;
    return token;
  }

  private accept(sign: string): boolean {
    const token = this.peek();
    if (token?.kind !== 'sign' || token.text !== sign) return false;
    this.place += 1;
    return true;
  }

  private acceptWord(word: string): boolean {
    const token = this.peek();
    if (token?.kind !== 'word' || token.text !== word) return false;
    this.place += 1;
    return true;
  }

  private expect(sign: string): void {
    if (!this.accept(sign)) throw this.fault(this.peek(), `"${sign}" is missing`);
  }

  private fault(token: IdlToken | undefined, reason: string) {
    const found = token === undefined ? 'the end' : `"${token.text}"`;
    return invalid(this.file, token?.line ?? this.tokens.at(-1)?.line ?? 1, `${reason}, at ${found}`);
  }
}
