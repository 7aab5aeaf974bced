/**
 * A `Whole` of which only `parts` exist: for code that is handed a large interface, or a class with private members, and uses little
 * of it. The parts are checked against the type; using anything else throws, so that a test never passes by an accidental `undefined`.
 */
export function standIn<Whole extends object>(parts: Partial<Whole>): Whole {
  return new Proxy(parts, {
    get(present, name) {
      // Promises, and whoever prints or compares it, ask every object for these.
      const isPart = name in present || typeof name === 'symbol' || name === 'then';
      if (!isPart) throw new Error(`This stand-in has no ${name}`);
      const part: unknown = Reflect.get(present, name);
      return typeof part === 'function' ? part.bind(present) : part;
    },
  }) as Whole;
}
