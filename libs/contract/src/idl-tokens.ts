import { DbEventError } from '@dbem/db-event';

export interface IdlToken {
  readonly kind: 'word' | 'number' | 'text' | 'sign';
  readonly text: string;
  readonly line: number;
}

/** White space, Thrift's three kinds of comments, names, numbers, literals, punctuation. */
const TOKEN =
  /(\s+|\/\/[^\n]*|#[^\n]*|\/\*[\s\S]*?\*\/)|([A-Za-z_][\w.]*)|([+-]?(?:0x[\da-fA-F]+|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\.\d+))|("(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\]|\\[\s\S])*')|([{}()[\]<>:;,=*&])/y;

/** Splits an IDL file into tokens. @throws DbEventError SCHEMA_INVALID with the line */
export function tokensOf(text: string, file: string): IdlToken[] {
  const tokens: IdlToken[] = [];
  let line = 1;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (match === null) throw invalid(file, line, `"${text.slice(at, at + 10)}" is not valid Thrift`);
    const [all, , word, number, literal] = match;
    const kind =
      word !== undefined ? 'word' : number !== undefined ? 'number' : literal !== undefined ? 'text' : 'sign';
    if (match[1] === undefined) tokens.push({ kind, text: literal?.slice(1, -1) ?? all, line });
    line += all.split('\n').length - 1;
  }
  return tokens;
}

export function invalid(file: string, line: number, reason: string): DbEventError {
  return new DbEventError('SCHEMA_INVALID', `${file}, line ${line}: ${reason}`);
}
